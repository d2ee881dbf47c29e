namespace RmStack.Cli.Verbs;

/// <summary>Where a verb reads and writes.</summary>
/// <param name="Output">Standard output, for text.</param>
/// <param name="Error">Standard error: one line when something fails, timings when asked for.</param>
/// <param name="OpenOutput">Opens standard output for bytes.</param>
/// <param name="OpenInput">Opens standard input for bytes.</param>
/// <param name="Stop">Ends a verb that would go on for ever, as an interrupt from the terminal does.</param>
internal sealed record VerbIo(TextWriter Output, TextWriter Error, Func<Stream> OpenOutput, Func<Stream> OpenInput, CancellationToken Stop);
