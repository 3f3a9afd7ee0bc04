import Catalogue
import MediaDecoding
import WorkQueue

/// What is said of a picture, and what a person changes it with.
struct WordsPart {
    var picture: PictureDetails
    /// The number of its last edit, 0 for none: who saves tells what they have seen.
    var seen: Int64
    /// Whether there is an edit to take back.
    var canUndo: Bool

    private var asset: AssetDetails { picture.asset }

    var html: HTML {
        """
        <div id="words" data-title="\(PictureGrid.words(for: picture.brief))">
        \(heading)
        \(tags)
        <p class="scripted"><button type="button" data-edit aria-keyshortcuts="e">Edit</button>
        \(canUndo.html("<button type=\"button\" data-undo aria-keyshortcuts=\"z\">Undo the last edit</button>"))</p>
        \(form)
        </div>
        """
    }

    private var heading: HTML {
        guard let caption = asset.caption else {
            let words = isSilent ? "Without a caption" : "Not described yet"
            return "<h1 class=\"quiet\">\(words)</h1>"
        }
        return """
            <h1>\(caption)</h1>
            \(asset.captionSource.html { "<p class=\"quiet\">\(Self.author($0))</p>" })
            """
    }

    /// Whether a person said that there is no caption.
    private var isSilent: Bool { hasOwnCaption && asset.caption == nil }

    private var hasOwnCaption: Bool {
        asset.descriptions.contains {
            $0.source == .human && $0.prompt == "caption" && $0.span == nil
        }
    }

    /// Who wrote a text.
    static func author(_ source: DescriptionSource) -> String {
        switch source {
        case .human: "Written by hand"
        case .sidecar: "From the file or its sidecar"
        case .model: "Described by the model"
        }
    }

    private var tags: HTML {
        guard !asset.tags.isEmpty else { return .empty }
        let items: [HTML] = asset.tags.map { tag in
            "<li><a href=\"\(PageAddress.search(PageAddress.filter("tag", tag.lowercased())))\">\(tag)</a></li>"
        }
        return "<ul class=\"tags\" aria-label=\"Tags\">\(items)</ul>"
    }

    private var form: HTML {
        """
        <form class="edit" hidden aria-label="Edit" action="/pictures/\(asset.id)/words" data-seen="\(seen)">
        <label for="caption">Caption</label>
        <textarea id="caption" rows="4" maxlength="\(WordsRequest.mostCaption)">\(asset.caption ?? "")</textarea>
        \(hasOwnCaption.html(ownWord))
        \((!asset.tags.isEmpty).html(tagBoxes))
        <label for="new-tags">More tags, with commas between</label>
        <input id="new-tags" maxlength="500" autocomplete="off">
        <p class="problem" role="alert"></p>
        <p><button>Save</button> <button type="button" data-cancel>Cancel</button></p>
        </form>
        """
    }

    private var ownWord: HTML {
        """
        <label><input type="checkbox" id="withdraw"> Leave the caption to the file or the model again</label>
        """
    }

    private var tagBoxes: HTML {
        let boxes: [HTML] = asset.tags.map { tag in
            "<label><input type=\"checkbox\" name=\"tag\" value=\"\(tag)\" checked> \(tag)</label>"
        }
        return "<fieldset><legend>Tags</legend>\(boxes)</fieldset>"
    }
}
