namespace RmStack.Cli.Verbs;

/// <summary>Where a verb writes.</summary>
/// <param name="Output">Standard output, for text.</param>
/// <param name="Error">Standard error: one line when something fails, timings when asked for.</param>
/// <param name="OpenOutput">Opens standard output for bytes.</param>
internal sealed record VerbIo(TextWriter Output, TextWriter Error, Func<Stream> OpenOutput);
