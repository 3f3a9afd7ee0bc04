import Catalogue
import FileSystem
import Glibc
import MediaDecoding
import SystemPackage

// Where a sidecar is. In a folder that holds sidecars apart, the path of a picture's folder is repeated whole.
extension SidecarSync {
    /// Where a picture's sidecar is, or is to be.
    func place(of task: SidecarTask) throws(SidecarError) -> SidecarPlace {
        guard let picture = task.path.lastComponent else { throw SidecarError("has no name") }
        let pictures = SidecarPlace.Folder(try SidecarFolder(of: task.path, below: task.root))
        // Below an empty mount point nothing may be made.
        guard let status = try pictures.directory.status(of: picture) else {
            throw SidecarError("is not there")
        }
        guard let apart else {
            let directory = task.path.removingLastComponent()
            return try place(
                of: task, status, in: pictures, (task.root, directory), isApart: false)
        }
        let directory = task.root.removingRoot().pushing(task.path).removingLastComponent()
        let folder = try folder(apart, directory)
        let found = try place(of: task, status, in: folder, (apart, directory), isApart: true)
        guard !found.isThere, !isDryRun, let folder, try follows(task, to: found, in: folder) else {
            return found
        }
        return try place(of: task, status, in: folder, (apart, directory), isApart: true)
    }

    private func place(
        of task: SidecarTask, _ status: stat, in folder: SidecarPlace.Folder?,
        _ where: (top: FilePath, directory: FilePath), isApart: Bool
    ) throws(SidecarError) -> SidecarPlace {
        guard let picture = task.path.lastComponent else { throw SidecarError("has no name") }
        let (top, directory) = `where`
        var existing: FilePath.Component?
        if let folder {
            existing = try locator.existing(for: task, picture, in: folder.directory) {
                name throws(SidecarError) in
                try facts(top.pushing(directory).appending(name), beneath: top).fileExtension
            }
        }
        let name: FilePath.Component
        if let existing {
            name = existing
        } else {
            name = try locator.new(for: task, picture, in: folder)
        }
        return SidecarPlace(
            picture: picture, status: status, folder: folder, top: top, directory: directory,
            name: name, isThere: existing != nil, isApart: isApart)
    }

    /// The folder of a picture's sidecar in the one that holds them apart, made where it has to be.
    private func folder(
        _ top: FilePath, _ directory: FilePath
    ) throws(SidecarError) -> SidecarPlace.Folder? {
        guard isDryRun else {
            return SidecarPlace.Folder(try SidecarFolder(making: directory, below: top))
        }
        return SidecarFolder.isThere(directory, below: top)
            ? SidecarPlace.Folder(try SidecarFolder(directory, below: top)) : nil
    }

    /// Lets the sidecar of a picture that was moved follow it.
    ///
    /// - Returns: Whether there was one.
    private func follows(
        _ task: SidecarTask, to place: SidecarPlace, in folder: SidecarPlace.Folder
    ) throws(SidecarError) -> Bool {
        let left: [FilePath]
        do throws(CatalogueError) {
            left = try catalogue.formerSidecars(of: task.file)
        } catch {
            throw SidecarError("cannot be found: \(error)")
        }
        for former in left {
            guard let name = former.lastComponent,
                SidecarFolder.isThere(former.removingLastComponent(), below: place.top)
            else { continue }
            let source = try SidecarFolder(former.removingLastComponent(), below: place.top)
            guard try !source.isFree(name) else { continue }
            try source.move(name, to: place.name, in: folder.directory)
            return true
        }
        return false
    }
}
