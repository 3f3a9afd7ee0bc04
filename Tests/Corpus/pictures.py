"""Pictures as other readers see them: upright, in sRGB, on white, reduced to what is compared.

A reader works in a process of its own, with a bound in time and memory; its answer is kept in a folder, so that
only our decoder works when the comparison is made again.
"""

import hashlib
import io
import os
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time

import numpy
import tifffile
from PIL import Image, ImageCms, ImageOps

try:
    import pillow_heif
    pillow_heif.register_heif_opener()
    pillow_heif.options.DISABLE_SECURITY_LIMITS = False
except ImportError:
    pillow_heif = None

Image.MAX_IMAGE_PIXELS = 200_000_000
SECONDS = 60
MEMORY = 6 << 30
# The longer edge of what is compared.
EDGE = 256
RAW = {
    "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "raf", "rw2", "rwl", "orf", "dng", "pef", "srw", "x3f",
    "3fr", "iiq", "mrw", "kdc", "dcr", "raw",
}
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
# FFmpeg's filter for square pixels.
SQUARE = "scale=trunc(iw*max(sar\\,1)+0.5):trunc(ih/min(sar\\,1)+0.5),setsar=1"


def reduced(image):
    """An RGB picture averaged down, at least by two if it is large enough: readers upsample colour in several ways."""
    longer = max(image.size)
    scale = min(0.5 if longer > 64 else 1, EDGE / longer)
    size = tuple(max(1, round(edge * scale)) for edge in image.size)
    return numpy.asarray(image.resize(size, Image.BOX) if size != image.size else image)


def difference(ours, theirs):
    """Mean absolute difference of the channel that differs most, after scaling both to the same size."""
    if ours.shape != theirs.shape:
        ours = numpy.asarray(Image.fromarray(ours).resize((theirs.shape[1], theirs.shape[0]), Image.BOX))
    return float(numpy.abs(ours.astype(int) - theirs.astype(int)).mean(axis=(0, 1)).max())


def of_pillow(path):
    """Pillow, and pillow-heif: colour-managed where there is a profile."""
    image = Image.open(path)
    if image.mode.startswith("I") or image.mode == "F":
        raise ValueError("Pillow cuts more than 8 bits off")
    if image.format == "TIFF" and os.path.splitext(path)[1][1:].lower() in RAW:
        raise ValueError("a raw's thumbnail")
    return to_srgb(ImageOps.exif_transpose(image))


def to_srgb(image):
    profile = image.info.get("icc_profile")
    alpha = None
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("RGB")
    elif image.mode not in ("RGB", "L", "CMYK", "LAB"):
        image = image.convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # A profile for other channels than the picture's: readers go on without it.
    if image.mode == "LAB":
        image = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), SRGB, outputMode="RGB")
    image = image.convert("RGB")
    if alpha:
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    return image


def _output_of(command, stdin=None):
    done = subprocess.run(
        command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS, check=False)
    if not done.stdout:
        raise ValueError(done.stderr[-200:].decode(errors="replace").strip() or "no output")
    return done.stdout


def of_imagemagick(path):
    """ImageMagick: the first picture of a file, by a name without signs that it would interpret."""
    program = next(p for p in ("convert-im6.q16", "magick", "convert") if shutil.which(p))
    with tempfile.TemporaryDirectory() as folder:
        profile = os.path.join(folder, "srgb.icc")
        with open(profile, "wb") as file:
            file.write(SRGB.tobytes())
        name = os.path.join(folder, "picture" + os.path.splitext(path)[1].lower())
        os.symlink(os.path.abspath(path), name)
        output = _output_of([
            program, name + "[0]", "-auto-orient", "-profile", profile, "-colorspace", "sRGB", "-background", "white",
            "-flatten", "-depth", "8", "png24:-"])
    return Image.open(io.BytesIO(output)).convert("RGB")


def of_preview(path):
    """A raw's largest preview, found by exiftool and turned as the raw says."""
    found = []
    for tag in ("JpgFromRaw", "PreviewImage", "OtherImage", "ThumbnailImage"):
        try:
            found.append(Image.open(io.BytesIO(_output_of(["exiftool", "-b", f"-{tag}", path]))))
        except (ValueError, OSError):
            continue
    image = max(found, key=lambda image: image.size[0] * image.size[1])
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
    stored = _output_of(["exiftool", "-n", "-s3", "-Orientation", path]).split()
    image = to_srgb(image)
    way = int(stored[0]) if stored and stored[0].isdigit() else 1
    return image.transpose(Image.Transpose(turn[way])) if way in turn else image


def of_djxl(path):
    """libjxl's own program."""
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "picture.png")
        # Asked for 8 bits, version 0.7 garbles pictures of 16.
        subprocess.run(
            ["djxl", path, target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS,
            check=False)
        return to_srgb(Image.open(target))


def of_ffmpeg(path, second=0):
    """The frame that FFmpeg shows at a second from the first frame on, with square pixels."""
    return to_srgb(Image.open(io.BytesIO(_output_of([
        "ffmpeg", "-v", "error", "-i", path, "-ss", str(second), "-frames:v", "1", "-vf", SQUARE,
        "-pix_fmt", "rgba", "-f", "image2pipe", "-c:v", "png", "-"]))))


def of_ffmpeg_shown(path, second=0):
    """The last frame that begins at a second or before it, where `of_ffmpeg` has the first that begins then or later.

    All frames before it are decoded, so this is for those that differ.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "frame.bmp")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", path, "-t", str(second + 0.0005), "-fps_mode", "passthrough",
             "-vf", SQUARE, "-pix_fmt", "bgr24", "-update", "1", target],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS,
            check=False)
        return Image.open(target).convert("RGB")


def of_tifffile(path):
    """The samples that tifffile reads, as shades: whole numbers of any size, of which ImageMagick garbles some."""
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        tags = {tag.name for tag in page.tags}
        channels = {0: 1, 1: 1, 2: 3}.get(int(page.photometric))
        extra = tuple(int(kind) for kind in page.extrasamples)
        if page.sampleformat != 1 or "InterColorProfile" in tags or extra not in ((), (1,), (2,)) or (
                channels is None or channels + len(extra) != page.samplesperpixel):
            raise ValueError("more than shades")
        samples = page.asarray().astype(float) / (2 ** page.bitspersample - 1)
        if samples.ndim == 2:
            samples = samples[:, :, None]
        elif page.planarconfig == 2:
            samples = samples.transpose(1, 2, 0)
        shades = 1 - samples[:, :, :channels] if page.photometric == 0 else samples[:, :, :channels]
        if extra:
            alpha = samples[:, :, channels:]
            shades = (shades if extra == (1,) else shades * alpha) + 1 - alpha
        shades = numpy.repeat(shades, 3, axis=2) if channels == 1 else shades
        image = Image.fromarray((shades * 255 + 0.5).astype("uint8"))
        turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(page.tags.valueof("Orientation", 1))
    return image if turn is None else image.transpose(Image.Transpose(turn))


def of_gdkpixbuf(path):
    """GdkPixbuf's thumbnailer, which reads some bitmaps better than ImageMagick, at the picture's own size."""
    with open(path, "rb") as file:
        edges = struct.unpack("<ii", file.read(26)[18:])
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "picture.png")
        subprocess.run(
            ["gdk-pixbuf-thumbnailer", "-s", str(max(map(abs, edges))), path, target], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
        return to_srgb(Image.open(target))


def of_reference(path):
    """What a picture should look like, where its authors say so: image-rs keeps PNGs beside its tests' pictures."""
    part = f"{os.sep}tests{os.sep}images{os.sep}"
    if part not in path:
        raise ValueError("no reference")
    return to_srgb(Image.open(path.replace(part, part.replace("images", "reference")) + ".png"))


READERS = {
    "Pillow": of_pillow, "ImageMagick": of_imagemagick, "preview": of_preview, "djxl": of_djxl, "FFmpeg": of_ffmpeg,
    "FFmpeg (shown)": of_ffmpeg_shown,
    "tifffile": of_tifffile, "GdkPixbuf": of_gdkpixbuf,
    "reference": of_reference,
}


def readers(path, is_clip):
    """Who is asked about a file, the most trusted first."""
    suffix = os.path.splitext(path)[1][1:].lower()
    if is_clip:
        return ["FFmpeg"]
    if suffix in RAW:
        return ["preview"]
    if suffix == "jxl":
        return ["djxl"]
    more = {"tif": ["tifffile"], "tiff": ["tifffile"], "bmp": ["GdkPixbuf"]}
    return ["Pillow", "ImageMagick", "FFmpeg"] + more.get(suffix, []) + ["reference"]


class Peers:
    """Answers of the other readers, kept in a folder."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def key(self, path):
        status = os.stat(path)
        text = f"{os.path.abspath(path)} {status.st_size} {status.st_mtime_ns}"
        return os.path.join(self.folder, hashlib.sha256(os.fsencode(text)).hexdigest()[:24])

    def picture(self, path, reader, second=0):
        """(edges, reduced picture), or `None` and why that reader has none."""
        kept = f"{self.key(path)}.{reader}{second or ''}.npz"
        if not os.path.exists(kept):
            self._ask(path, reader, second, kept)
        with numpy.load(kept) as answer:
            if "why" in answer:
                return None, str(answer["why"])
            return (tuple(int(edge) for edge in answer["size"]), answer["pixels"]), None

    def _ask(self, path, reader, second, kept):
        """Lets a forked process read, and notes its end if it does not come back in time."""
        part = f"{kept[:-4]}.{os.getpid()}.npz"
        child = os.fork()
        if child == 0:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            try:
                image = READERS[reader](path, second) if second else READERS[reader](path)
                numpy.savez(part, size=image.size, pixels=reduced(image))
            except BaseException as error:  # Whatever a reader throws is its answer.
                numpy.savez(part, why=f"{type(error).__name__}: {error}"[:300])
            os._exit(0)
        deadline = time.monotonic() + SECONDS + 10
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.005)
        if not os.path.exists(part):
            numpy.savez(part, why="died or took too long")
        os.replace(part, kept)
