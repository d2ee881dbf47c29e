using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RmStack.Protocol;

/// <summary>
/// Makes messages from text: the inverse of what <see cref="MessageFormatter"/> prints and <see cref="FieldRecorder"/> keeps, for every request, reply and
/// notification of the catalogue. For tools, tests and fake RMs; a message costs objects here.
/// </summary>
/// <remarks>
/// What the wire can carry is made, whatever the RM will say to it: names without a meaning, too many entries, fields that do not go together.
/// Instead of its fields, any message takes <c>payload=</c> and bytes in hex.
/// </remarks>
public static class MessageEncoder
{
    private const string Raw = "payload";

    /// <summary>
    /// The payload of a message: a request's or notification's content, or what follows the error word of a success reply. False with what
    /// is wrong.
    /// </summary>
    public static bool TryEncode(MessageId id, RpcMessageType type, FieldValues fields, out byte[] payload, [NotNullWhen(false)] out EncodeError? error) =>
        TryEncode(id, type, RmError.Ok, fields, out payload, out error);

    /// <summary>The same, also for what follows another error word.</summary>
    public static bool TryEncode(
        MessageId id, RpcMessageType type, RmError replyError, FieldValues fields, out byte[] payload, [NotNullWhen(false)] out EncodeError? error)
    {
        var layout = MessageCatalogue.LayoutOf(id, type, replyError);
        var isRaw = fields.Has(Raw) && !layout.IsOpaque;
        if (isRaw)
            layout = MessageCatalogue.Unknown;
        var reader = new FieldValueReader(fields, layout.Fields);
        payload = layout.Encode(reader);
        error = reader.Failure ?? TooLong(payload.Length, type);
        if (isRaw && error?.Kind == EncodeErrorKind.Unknown)
            error = new EncodeError(EncodeErrorKind.NotHere, string.Empty, Raw, Raw + " is the whole message, and other fields are given", "give it or them");
        if (error is null)
            return true;
        payload = [];
        error = error with { Message = NameOf(id, type) };
        return false;
    }

    /// <summary>
    /// The same into a buffer or a buffer writer. One that is smaller than the message is the caller's own mistake and throws, as it does in every
    /// writer.
    /// </summary>
    public static bool TryEncode(
        MessageId id, RpcMessageType type, FieldValues fields, PayloadWriter writer, out int length, [NotNullWhen(false)] out EncodeError? error)
    {
        length = 0;
        if (!TryEncode(id, type, fields, out byte[] payload, out error))
            return false;
        writer.Bytes(payload);
        length = writer.End();
        return true;
    }

    /// <summary>What may be given for each field, in wire order; empty for a message without any.</summary>
    public static IReadOnlyList<FieldInfo> FieldsOf(MessageId id, RpcMessageType type, RmError replyError = RmError.Ok) =>
        MessageCatalogue.LayoutOf(id, type, replyError).Fields;

    /// <summary>Fields that make a message: the required ones, e.g. <c>vmid=0x80</c>; empty for a message without any.</summary>
    public static string Example(MessageId id, RpcMessageType type, RmError replyError = RmError.Ok) => FieldSchema.Example(FieldsOf(id, type, replyError));

    private static string NameOf(MessageId id, RpcMessageType type) => id + (type == RpcMessageType.Reply ? " reply" : string.Empty);

    private static EncodeError? TooLong(int length, RpcMessageType type)
    {
        var most = type == RpcMessageType.Reply ? RpcLimits.MaxReplyPayload : RpcLimits.MaxContent;
        return length <= most ? null : new EncodeError(
            EncodeErrorKind.TooLong,
            string.Empty,
            string.Empty,
            string.Create(CultureInfo.InvariantCulture, $"the fields make {length} bytes"),
            string.Create(CultureInfo.InvariantCulture, $"a message carries at most {most}"));
    }
}
