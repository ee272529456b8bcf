/// Which Parley this is.
public enum ParleyVersion {
    /// As `parley --version` prints it and capsules name it.
    public static let current = "0.1.0"
}
