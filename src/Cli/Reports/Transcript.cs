namespace RmStack.Cli.Reports;

/// <summary>Kinds of things that happen in a run.</summary>
public enum TranscriptKind
{
    /// <summary>The host did something.</summary>
    Step,

    /// <summary>A message crossed a link of the Resource Manager.</summary>
    Message,

    /// <summary>The guest's memory changed hands.</summary>
    Memory,

    /// <summary>The host touched the guest's memory.</summary>
    Access,

    /// <summary>The guest printed a line.</summary>
    Console,

    /// <summary>The host's kernel logged a line.</summary>
    Log,
}

/// <summary>One thing that happened.</summary>
/// <param name="Nanoseconds">Virtual time.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Who">Who did it, or which way a message went.</param>
/// <param name="Text">What it was.</param>
public sealed record TranscriptEvent(ulong Nanoseconds, TranscriptKind Kind, string Who, string Text)
{
    /// <summary>The message, when it is one.</summary>
    public TranscriptMessage? Message { get; init; }
}

/// <summary>A message in numbers.</summary>
/// <param name="Sender">VMID of the sender.</param>
/// <param name="Receiver">VMID of the receiver.</param>
/// <param name="Type">request, reply or notification.</param>
/// <param name="Id">Message id.</param>
/// <param name="Name">Name of the message.</param>
/// <param name="SequenceId">Sequence id.</param>
/// <param name="Packets">Packets it took.</param>
/// <param name="Bytes">Bytes of them, headers included.</param>
/// <param name="Error">The error word of a reply.</param>
/// <param name="Content">All bytes after the header, fragments joined.</param>
public sealed record TranscriptMessage(
    ushort Sender, ushort Receiver, string Type, uint Id, string Name, ushort SequenceId, int Packets, int Bytes, uint? Error, ReadOnlyMemory<byte> Content);

/// <summary>What happened, in order, and whoever is told at once.</summary>
public sealed class Transcript
{
    private readonly List<TranscriptEvent> _events = [];

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<TranscriptEvent> Events => _events;

    /// <summary>Told of each event as it happens.</summary>
    public Action<TranscriptEvent>? Added { get; set; }

    /// <summary>Adds an event.</summary>
    public void Add(TranscriptEvent happened)
    {
        _events.Add(happened);
        Added?.Invoke(happened);
    }
}
