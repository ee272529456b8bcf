extension Configuration {
    /// The text of `docs/configuration.md`, from the same table that the loader reads with.
    public static func referenceMarkdown() -> String {
        var text = """
            # Configuration

            One YAML file, given with `--config`. It is strict: an unknown key, a wrong type or a value out of range is an
            error that names the file, the line and the mend. Durations are written `500ms`, `2s`, sizes `64KiB`. A limit
            cannot be switched off. Secrets stand in the environment or in a file, never here. A dotted key is written
            nested:

            ```yaml
            server:
              public_url: https://voice.example.org
            twilio:
              auth_token_env: TWILIO_AUTH_TOKEN
            ```

            With no file at all the defaults below hold, with `insecure: true`. `parley doctor --effective` prints every
            key with its value and where it came from. This page is generated from the code.

            | key | default | may be | what it does |
            | --- | --- | --- | --- |

            """
        for key in Keys.all {
            let standard = key.standardText.isEmpty ? "not set" : "`\(key.standardText)`"
            text += "| `\(key.path)` | \(standard) | \(key.form) | \(key.documentation) |\n"
        }
        return text
    }
}
