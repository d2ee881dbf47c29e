using System.Text;
using RmStack.Protocol;

namespace RmStack.Fuzz.Targets;

/// <summary>
/// A message from text: refused in one printable line, or made so that what is told of it makes it again. The first byte says which message, the second
/// of which kind, the rest is a line.
/// </summary>
public sealed class MessageTextTarget : IFuzzTarget
{
    private const int Kinds = 3;

    public string Name => "message-text";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, MessageCatalogue.All.Count * Kinds).Select(Seed)];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return;
        var (id, type, error) = Message(input[0], input[1]);
        EncodeError? refusal;
        if (!FieldValues.TryParse(Encoding.UTF8.GetString(input[2..]), out var values, out refusal)
            || !MessageEncoder.TryEncode(id, type, error, values, out var payload, out refusal))
        {
            FuzzFindingException.Require(!refusal.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~'), "a refusal is one printable line");
            return;
        }

        FuzzFindingException.Require(payload.Length <= RpcLimits.MaxContent, "a message can carry it");
        var told = Tell(id, type, error, payload);
        if (told is null)
            return;
        FuzzFindingException.Require(MessageEncoder.TryEncode(id, type, error, told, out var again, out refusal), "what is told makes a message");
        FuzzFindingException.Require(Tell(id, type, error, again)?.ToString() == told.ToString(), "the same is told of it");
        FuzzFindingException.Require(FieldValues.TryParse(told.ToString(), out var line, out _) && line.Pairs.SequenceEqual(told.Pairs), "a line is read as it was written");
    }

    private static FieldValues? Tell(MessageId id, RpcMessageType type, RmError error, byte[] payload)
    {
        var fields = new FieldRecorder();
        var status = MessageCatalogue.LayoutOf(id, type, error).Describe(payload, fields, out _);
        return status == DecodeStatus.Ok ? FieldValues.From(fields.Fields) : null;
    }

    private static (MessageId Id, RpcMessageType Type, RmError Error) Message(byte row, byte kind) =>
        (MessageCatalogue.All[row % MessageCatalogue.All.Count].Id, kind % Kinds == 0 ? RpcMessageType.Request : RpcMessageType.Reply, kind % Kinds == 2 ? RmError.Denied : RmError.Ok);

    private static byte[] Seed(int index)
    {
        var (row, kind) = ((byte)(index / Kinds), (byte)(index % Kinds));
        var (id, type, error) = Message(row, kind);
        return [row, kind, .. Encoding.UTF8.GetBytes(MessageEncoder.Example(id, type, error))];
    }
}
