"""What is said about a picture: captions, tags, and what both are built from."""

from .objects import NUMBERS
from .scene import Group, Scene

_PLACES = {
    "left": "on the left",
    "right": "on the right",
    "middle": "in the middle",
    "top": "at the top",
    "bottom": "at the bottom",
}


def joined(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def counted(group: Group) -> str:
    return group.kind.counted(group.number)


def sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def where(scene: Scene) -> str:
    """The scene as a place: "at the beach at sunset", "on a plain red background"."""
    if scene.backdrop.name == "plain":
        return f"on a plain {scene.facts['colour']} background"
    return f"{scene.backdrop.place} {scene.light.phrase}".strip()


def setting(scene: Scene) -> str:
    """The scene as a thing: "a beach at sunset", "a bar chart in blue"."""
    facts = scene.facts
    match scene.backdrop.name:
        case "plain":
            return f"a plain {facts['colour']} background"
        case "document":
            return f"a page of text in {facts['detail']} {scene.light.phrase}".strip()
        case "screenshot":
            return f"a screenshot of a {facts['detail']} window"
        case "chart":
            return f"a {facts['detail']} chart" + (f" in {facts['colour']}" if "colour" in facts else "")
        case "gradient":
            return f"a colour gradient from {facts['first']} to {facts['last']}"
        case "pattern":
            return f"a pattern of {facts['last']} {facts['detail']} on {facts['first']}"
        case "texture":
            return f"a rough texture in {facts['colours']} {scene.light.phrase}".strip()
        case "unfamiliar":
            return f"something unfamiliar, mostly {facts['colours']}{unfamiliar_light(scene)}"
    return f"{scene.backdrop.noun} {scene.light.phrase}".strip()


def unfamiliar_light(scene: Scene) -> str:
    """How bright a picture is that nothing else is known of; nothing for middling."""
    return {"dark": ", in the dark", "bright": ", in bright light"}.get(scene.facts["brightness"], "")


def objects(scene: Scene) -> str:
    """The objects and how they stand: "a dog to the left of two apples"."""
    parts = [counted(group) for group in scene.groups]
    match scene.arrangement:
        case "alone":
            return f"{parts[0]} {_PLACES[scene.place]}"
        case "several":
            return parts[0]
        case "beside":
            return f"{parts[0]} to the left of {parts[1]}"
        case "above":
            return f"{parts[0]} above {parts[1]}"
        case "row":
            return f"{joined(parts)} from left to right"
        case "square":
            return f"{joined(parts[:2])} above {joined(parts[2:])}"
        case "stranger":
            return "something unfamiliar"
    return ""


def caption(scene: Scene) -> str:
    """The caption in one sentence: "A dog to the left of two apples at the beach at sunset." """
    if scene.arrangement == "none":
        return sentence(setting(scene))
    return sentence(f"{objects(scene)} {where(scene)}")


def caption_scene_first(scene: Scene) -> str:
    """Another wording, the scene first and without places: "A beach at sunset with a dog and two apples." """
    if scene.arrangement == "none":
        return sentence(setting(scene))
    things = joined([counted(group) for group in scene.groups]) if scene.groups else "something unfamiliar"
    return sentence(f"{setting(scene)} with {things}")


def description(scene: Scene) -> str:
    """A longer wording: scene, objects, main colours, a sentence each."""
    sentences = [sentence(f"the picture shows {setting(scene)}")]
    if scene.arrangement != "none":
        verb = "is" if scene.number == 1 or scene.arrangement == "stranger" else "are"
        sentences.append(sentence(f"there {verb} {objects(scene)}"))
    sentences.append(sentence(f"the main colour is {scene.facts['colours'].split()[0]}"))
    return " ".join(sentences)


def tags(scene: Scene) -> list[str]:
    """Single words for what can be seen: objects, scene, light, and the colour where there is little else to say."""
    words = [group.kind.name for group in scene.groups] + [scene.backdrop.name]
    if scene.light.phrase:
        words.append("clouds" if scene.light.name == "cloudy" else scene.light.name)
    facts = scene.facts
    if "detail" in facts:
        words.append(facts["detail"].split()[-1])
    words += [facts[key] for key in ("colour", "first", "last") if key in facts]
    if scene.backdrop.name in ("unfamiliar", "texture"):
        words += facts["colours"].split(" and ")
    return list(dict.fromkeys(words))


def number_word(number: int) -> str:
    return NUMBERS[number]
