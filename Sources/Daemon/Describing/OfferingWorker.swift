/// Lets pictures be found by meaning, and compared, that were described before the present model was there.
///
/// Who lacks what is found out by a look at every asset, and a whole library may lack it, each picture of which is
/// written down as work: on a thread of its own nothing waits for that, neither the start nor new files.
struct OfferingWorker {
    let context: PipelineContext

    /// Works until the pipeline stops; sleeps while nothing has changed.
    ///
    /// - Throws: `CatalogueError`.
    func run() throws {
        while !context.signal.stopped {
            let mark = context.signal.mark()
            try context.offerEmbeddings()
            context.signal.wait(since: mark, until: nil)
        }
    }
}
