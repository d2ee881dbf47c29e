using System.Buffers;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>Tells a payload's fields; after a failure the reader stands where the bytes went wrong.</summary>
internal delegate DecodeStatus PayloadDescriber(scoped ref PayloadReader reader, MessageFields fields);

/// <summary>Writes a payload from fields given as text.</summary>
internal delegate int PayloadEncoder(PayloadWriter writer, FieldReader fields);

/// <summary>Shape of one payload.</summary>
public sealed class PayloadInfo
{
    private readonly PayloadDescriber _describe;
    private readonly PayloadEncoder _encode;

    internal PayloadInfo(int min, int max, string layout, string view, PayloadDescriber describe, PayloadEncoder encode)
    {
        MinLength = min;
        MaxLength = max;
        Layout = layout;
        ViewName = view;
        _describe = describe;
        _encode = encode;
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

    /// <summary>What may be given for each field when a payload is made from text, in wire order.</summary>
    public IReadOnlyList<FieldInfo> Fields => field ??= FieldSchema.Of(Encode);

    /// <summary>
    /// Checks a payload with its view and tells its fields. On failure <paramref name="position"/> is the offset, in bytes, where it went
    /// wrong.
    /// </summary>
    public DecodeStatus Describe(ReadOnlySpan<byte> payload, MessageFields fields, out int position) =>
        Describe(new PayloadReader(payload), fields, out position);

    /// <summary>The same for a payload in pieces.</summary>
    public DecodeStatus Describe(in ReadOnlySequence<byte> payload, MessageFields fields, out int position) =>
        Describe(new PayloadReader(in payload), fields, out position);

    /// <summary>The payload of these fields. They bound its length: at most a few times of what a message can carry.</summary>
    internal byte[] Encode(FieldReader fields)
    {
        var payload = new ArrayBufferWriter<byte>();
        _encode(new PayloadWriter(payload), fields);
        return payload.WrittenSpan.ToArray();
    }

    private DecodeStatus Describe(PayloadReader reader, MessageFields fields, out int position)
    {
        var status = _describe(ref reader, fields);
        position = status == DecodeStatus.Ok ? fields.RefusalPosition : reader.Position;
        return status == DecodeStatus.Ok ? fields.Refusal : status;
    }
}
