using RmStack.Protocol;

namespace RmStack.Host;

/// <summary>A listener on a chain.</summary>
/// <param name="id">Which notification.</param>
/// <param name="payload">Its bytes, valid until the listener returns.</param>
public delegate void NotifierCall(MessageId id, ReadOnlySpan<byte> payload);

/// <summary>
/// Listeners in order of priority, higher first, and in order of registration within a priority (Linux:
/// blocking_notifier_head). A listener may come and go while the chain is being called.
/// </summary>
public sealed class NotifierChain
{
    private readonly List<Block> _blocks = [];

    /// <summary>Listeners at present.</summary>
    public int Count => _blocks.Count;

    /// <summary>Adds a listener; dispose what is returned to remove it.</summary>
    public IDisposable Register(NotifierCall call, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(call);
        var block = new Block(this, call, priority);
        var at = _blocks.FindIndex(other => other.Priority < priority);
        _blocks.Insert(at < 0 ? _blocks.Count : at, block);
        return block;
    }

    /// <summary>Calls every listener.</summary>
    public void Call(MessageId id, ReadOnlySpan<byte> payload)
    {
        foreach (var block in _blocks.ToArray())
            if (_blocks.Contains(block))
                block.Call(id, payload);
    }

    private sealed class Block(NotifierChain chain, NotifierCall call, int priority) : IDisposable
    {
        public NotifierCall Call { get; } = call;

        public int Priority { get; } = priority;

        public void Dispose() => chain._blocks.Remove(this);
    }
}
