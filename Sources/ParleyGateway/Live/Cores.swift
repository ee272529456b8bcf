import Foundation
import NIOCore
import NIOPosix

/// The cores that this process may use: by a container's share, and by where the system lets it run.
public enum Cores {
    public static let usable = min(System.coreCount, ProcessInfo.processInfo.activeProcessorCount)

    /// As many event loops as cores: more would only take turns. Before the first loop is made.
    public static func boundLoops() { NIOSingletons.groupLoopCountSuggestion = usable }
}
