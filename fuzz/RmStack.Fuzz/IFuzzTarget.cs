namespace RmStack.Fuzz;

/// <summary>Something that is fed bytes it must survive, with an oracle beyond survival: <see cref="Run"/> throws when it is wrong.</summary>
public interface IFuzzTarget
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Inputs to start from.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Feeds one input.</summary>
    /// <exception cref="FuzzFindingException">The target broke a promise.</exception>
    void Run(ReadOnlySpan<byte> input);
}

/// <summary>A promise that an input broke.</summary>
public sealed class FuzzFindingException(string message) : Exception(message)
{
    /// <summary>Throws unless a promise is kept.</summary>
    public static void Require(bool kept, string promise)
    {
        if (!kept) throw new FuzzFindingException(promise);
    }
}
