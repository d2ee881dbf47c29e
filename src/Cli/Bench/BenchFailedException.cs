namespace RmStack.Cli.Bench;

/// <summary>A benchmark did not do what it measures: a call without a reply, a wrong reply, a peer that is gone. Its message is for people.</summary>
internal sealed class BenchFailedException(string message, Exception? inner = null) : Exception(message, inner);
