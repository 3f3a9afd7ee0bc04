import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

/// Filesystem commands, then the files that the events amount to.
///
/// Each script runs three times: with
/// the watcher looking on after every command, only at the end, and on folders that are polled.
@Suite struct FolderScriptTests {
    /// A test: what happens before watching begins, what happens then, what is known at rest.
    struct Script: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var before = ""
        var commands: String
        var files: Set<FilePath>
    }

    enum Mode: CaseIterable {
        case stepwise
        case atOnce
        case polled
    }

    static let scripts: [Script] = [
        Script(
            testDescription: "a file written and closed",
            commands: "echo 1 > a.jpg", files: ["a.jpg"]),
        Script(
            testDescription: "no media, hidden, partial and junk names",
            commands: """
                echo 1 > a.txt; echo 1 > .b.jpg; echo 1 > c.jpg.part; echo 1 > d.jpg~
                mkdir .hidden @eaDir '#recycle' x.tmp; touch .hidden/a.jpg @eaDir/b.jpg
                touch '#recycle/c.jpg' x.tmp/d.jpg noextension
                """, files: []),
        Script(
            testDescription: "extensions in capitals",
            commands: "touch A.JPG B.Mp4 C.HEIC", files: ["A.JPG", "B.Mp4", "C.HEIC"]),
        Script(
            testDescription: "a partial name renamed to its final one",
            commands: """
                echo 1 > a.jpg.part
                mv a.jpg.part a.jpg
                """, files: ["a.jpg"]),
        Script(
            testDescription: "a file deleted", before: "touch a.jpg b.jpg",
            commands: "rm a.jpg", files: ["b.jpg"]),
        Script(
            testDescription: "a file renamed", before: "touch a.jpg",
            commands: "mv a.jpg b.jpg", files: ["b.jpg"]),
        Script(
            testDescription: "a file renamed to no media", before: "touch a.jpg",
            commands: "mv a.jpg a.txt", files: []),
        Script(
            testDescription: "a file renamed over another",
            before: "echo 1 > a.jpg; echo 22 > b.jpg",
            commands: "mv a.jpg b.jpg", files: ["b.jpg"]),
        Script(
            testDescription: "a file moved in from outside and one out",
            before: "touch stay.jpg ../outside-$$.jpg; mv ../outside-$$.jpg out.jpg",
            commands: "mv out.jpg ../was-$$.jpg; mv ../was-$$.jpg in.jpg",
            files: ["stay.jpg", "in.jpg"]),
        Script(
            testDescription: "a hard link", before: "echo 1 > a.jpg",
            commands: "ln a.jpg b.jpg", files: ["a.jpg", "b.jpg"]),
        Script(
            testDescription:
                "a symbolic link to a file of the root is that file, one to a folder is none",
            before: "mkdir d; touch d/a.jpg",
            commands: "ln -s d/a.jpg b.jpg; ln -s d e; ln -s . loop.jpg; ln -s me.jpg me.jpg",
            files: ["d/a.jpg", "b.jpg"]),
        Script(
            testDescription: "a symbolic link to a hidden file, as git-annex makes it",
            before:
                "mkdir -p .git/annex/x; echo 1 > .git/annex/x/1.jpg; ln -s .git/annex/x/1.jpg 1.jpg",
            commands: """
                ln -s .git/annex/x/1.jpg 2.jpg
                rm 1.jpg
                """, files: ["2.jpg"]),
        Script(
            testDescription: "a symbolic link that leads out of the root, or nowhere",
            before: "touch ../outside.jpg",
            commands: "ln -s ../outside.jpg a.jpg; ln -s none.jpg b.jpg; ln -s .. c", files: []),
        Script(
            testDescription: "a file replaced by a symbolic link", before: "touch a.jpg b.jpg",
            commands: "ln -sf b.jpg a.jpg", files: ["a.jpg", "b.jpg"]),
        Script(
            testDescription: "nested directories made at once",
            commands: "mkdir -p a/b/c/d; touch a/b/c/d/x.jpg a/b/y.jpg",
            files: ["a/b/c/d/x.jpg", "a/b/y.jpg"]),
        Script(
            testDescription: "a directory copied", before: "mkdir -p a/b; touch a/x.jpg a/b/y.jpg",
            commands: "cp -r a c", files: ["a/x.jpg", "a/b/y.jpg", "c/x.jpg", "c/b/y.jpg"]),
        Script(
            testDescription: "a directory renamed, files made below its new name",
            before: "mkdir -p a/b/c; touch a/b/c/x.jpg",
            commands: """
                mv a z
                touch z/b/c/y.jpg
                mkdir z/b/d
                touch z/b/d/w.jpg
                """, files: ["z/b/c/x.jpg", "z/b/c/y.jpg", "z/b/d/w.jpg"]),
        Script(
            testDescription: "two directories that change names",
            before: "mkdir -p a/s b/s; touch a/s/1.jpg b/s/2.jpg",
            commands: """
                mv a c
                mv b a
                mv c b
                touch a/s/3.jpg b/s/4.jpg
                """, files: ["b/s/1.jpg", "a/s/2.jpg", "a/s/3.jpg", "b/s/4.jpg"]),
        Script(
            testDescription: "a directory moved below another and back",
            before: "mkdir -p a b; touch a/1.jpg b/2.jpg",
            commands: """
                mv a b/a
                touch b/a/3.jpg
                mv b/a a
                rm a/1.jpg
                """, files: ["a/3.jpg", "b/2.jpg"]),
        Script(
            testDescription: "a directory moved out, changed, and in again",
            before: "mkdir -p a/b; touch a/b/1.jpg",
            commands: """
                mv a ../out-$(basename "$PWD")
                touch ../out-$(basename "$PWD")/b/2.jpg
                mv ../out-$(basename "$PWD") c
                """, files: ["c/b/1.jpg", "c/b/2.jpg"]),
        Script(
            testDescription: "a directory moved out stays unknown",
            before: "mkdir -p a/b; touch a/b/1.jpg",
            commands: """
                mv a ../out-$(basename "$PWD")
                touch ../out-$(basename "$PWD")/b/2.jpg
                rm -r ../out-$(basename "$PWD")
                """, files: []),
        Script(
            testDescription: "a tree deleted and made anew",
            before: "mkdir -p a/b; touch a/b/1.jpg a/2.jpg",
            commands: """
                rm -r a
                mkdir -p a/b
                touch a/b/3.jpg
                """, files: ["a/b/3.jpg"]),
        Script(
            testDescription: "a directory where a picture was, and the other way round",
            before: "touch a.jpg; mkdir b.jpg; touch b.jpg/x.jpg",
            commands: """
                rm a.jpg
                mkdir a.jpg
                touch a.jpg/y.jpg
                rm -r b.jpg
                touch b.jpg
                """, files: ["a.jpg/y.jpg", "b.jpg"]),
        Script(
            testDescription: "names with spaces, newlines and quotes",
            commands: #"mkdir 'a b'; touch 'a b/c"d.jpg'; touch "$(printf 'x\ny.jpg')""#,
            files: ["a b/c\"d.jpg", "x\ny.jpg"]),
        Script(
            testDescription: "precomposed and decomposed accents are two names",
            commands: #"touch "$(printf '\303\251.jpg')" "$(printf 'e\314\201.jpg')""#,
            files: ["\u{E9}.jpg", "e\u{301}.jpg"]),
        Script(
            testDescription: "a pipe with a picture's name",
            commands: "mkfifo a.jpg; touch b.jpg", files: ["b.jpg"]),
        Script(
            testDescription: ".nomedia comes",
            before: "mkdir -p a/b; touch a/1.jpg a/b/2.jpg 3.jpg",
            commands: "touch a/.nomedia", files: ["3.jpg"]),
        Script(
            testDescription: ".nomedia goes",
            before: "mkdir -p a/b; touch a/1.jpg a/b/2.jpg 3.jpg a/.nomedia",
            commands: """
                touch a/b/4.jpg
                rm a/.nomedia
                """, files: ["a/1.jpg", "a/b/2.jpg", "3.jpg", "a/b/4.jpg"]),
        Script(
            testDescription: ".noimage and .novideo hold below",
            before: "mkdir -p a/b c/d; touch a/b/1.jpg a/b/1.mp4 c/d/2.jpg c/d/2.mp4",
            commands: """
                touch a/.noimage c/.novideo
                touch a/b/3.jpg a/b/3.mp4
                """, files: ["a/b/1.mp4", "a/b/3.mp4", "c/d/2.jpg"]),
        Script(
            testDescription: ".vignetteignore comes and changes",
            before: "mkdir -p a/b; touch a/1.jpg a/b/2.jpg a/b/3.png 4.png",
            commands: """
                echo '*.png' > .vignetteignore
                echo '/b/' > a/.vignetteignore
                rm .vignetteignore
                touch a/b/5.jpg a/6.png
                """, files: ["a/1.jpg", "4.png", "a/6.png"]),
        Script(
            testDescription: "an ignored directory renamed to one that counts",
            before: "echo 'raw*/' > .vignetteignore; mkdir raw1; touch raw1/1.jpg",
            commands: """
                mv raw1 good
                touch good/2.jpg
                """, files: ["good/1.jpg", "good/2.jpg"]),
        Script(
            testDescription: "a directory renamed to one that is ignored",
            before: "mkdir -p a/b; touch a/b/1.jpg",
            commands: """
                mv a .a
                touch .a/b/2.jpg
                """, files: []),
    ]

    @Test(arguments: scripts, Mode.allCases)
    func endsWithTheTree(script: Script, mode: Mode) throws {
        let harness = try EngineHarness()
        try harness.run("mkdir root; cd root; \(script.before)")
        try harness.watch(["root"]) { $0.forcesPolling = mode == .polled }
        try harness.settle()
        let prefix = "cd root; "
        if mode == .stepwise {
            let lines = script.commands.split(separator: "\n").map { prefix + $0 }
            try harness.runStepwise(lines.joined(separator: "\n"))
        } else {
            try harness.run(prefix + script.commands)
        }
        if mode == .polled { try harness.pass(.seconds(61)) }
        if mode == .polled { try harness.pass(.seconds(61)) }
        try harness.settle()
        #expect(harness.model.paths == script.files)
    }
}
