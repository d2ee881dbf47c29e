namespace RmStack.Cli.Decode;

/// <summary>The input stopped to be readable. A type of its own, so that it is not taken for an output that nobody reads any more.</summary>
internal sealed class InputFailedException(Exception inner) : Exception(inner.Message, inner);
