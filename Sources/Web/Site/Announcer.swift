import Synchronization

/// Something that tells listeners that it has changed.
protocol Announcer: Sendable {
    /// Begins to tell; from any thread.
    ///
    /// - Returns: The listener's number.
    func add(_ listener: @escaping @Sendable () -> Void) -> Int

    /// Tells that listener no more.
    func remove(_ number: Int)
}

extension Announcer {
    /// News of which each is made anew, and told only where it differs from the last.
    func rendered(_ render: @escaping @Sendable () -> String?) -> any EventSource {
        RenderedNews(news: self, render: render)
    }
}

private struct RenderedNews: EventSource {
    let news: any Announcer
    let render: @Sendable () -> String?

    func listen(_ send: @escaping @Sendable (String) -> Void) -> any EventSubscription {
        let last = Mutex<String?>(nil)
        let tell: @Sendable () -> Void = { [render] in
            guard let text = render() else { return }
            let isNew = last.withLock { last in
                defer { last = text }
                return last != text
            }
            if isNew { send(text) }
        }
        let number = news.add(tell)
        tell()
        return Subscription(news: news, number: number)
    }

    private struct Subscription: EventSubscription {
        let news: any Announcer
        let number: Int

        func end() { news.remove(number) }
    }
}
