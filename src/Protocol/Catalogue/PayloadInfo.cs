using System.Buffers;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>Tells a payload's fields; after a failure the reader stands where the bytes went wrong.</summary>
internal delegate DecodeStatus PayloadDescriber(scoped ref PayloadReader reader, MessageFields fields);

/// <summary>Shape of one payload.</summary>
public sealed class PayloadInfo
{
    private readonly PayloadDescriber _describe;

    internal PayloadInfo(int min, int max, string layout, string view, PayloadDescriber describe)
    {
        MinLength = min;
        MaxLength = max;
        Layout = layout;
        ViewName = view;
        _describe = describe;
    }

    /// <summary>No shorter payload is taken, bytes.</summary>
    public int MinLength { get; }

    /// <summary>No longer payload is taken, bytes.</summary>
    public int MaxLength { get; }

    /// <summary>Fields in wire order.</summary>
    public string Layout { get; }

    /// <summary>Type that reads it.</summary>
    public string ViewName { get; }

    /// <summary>Whether nothing public says what the bytes mean.</summary>
    public bool IsOpaque => ViewName == nameof(OpaquePayload);

    /// <summary>Whether every payload has the same length.</summary>
    public bool IsFixed => MinLength == MaxLength;

    /// <summary>
    /// Checks a payload with its view and tells its fields. On failure <paramref name="position"/> is the offset, in bytes, where it went
    /// wrong.
    /// </summary>
    public DecodeStatus Describe(ReadOnlySpan<byte> payload, MessageFields fields, out int position) =>
        Describe(new PayloadReader(payload), fields, out position);

    /// <summary>The same for a payload in pieces.</summary>
    public DecodeStatus Describe(in ReadOnlySequence<byte> payload, MessageFields fields, out int position) =>
        Describe(new PayloadReader(in payload), fields, out position);

    private DecodeStatus Describe(PayloadReader reader, MessageFields fields, out int position)
    {
        var status = _describe(ref reader, fields);
        position = status == DecodeStatus.Ok ? fields.RefusalPosition : reader.Position;
        return status == DecodeStatus.Ok ? fields.Refusal : status;
    }
}
