using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Testing;

namespace RmStack.Simulation.Tests;

/// <summary>Who asks: the beginning of every request's payload, in its first packet.</summary>
internal static class Identity
{
    public const int Size = 16;

    /// <summary>A request's bytes: who asks, and a pattern that belongs to nobody else.</summary>
    public static byte[] Request(ulong seed, ushort vmid, PlannedCall call)
    {
        var payload = new byte[call.Length];
        if (call.Length == 0)
            return payload;
        var mark = Digest.Of((ulong)call.Index, Digest.Of(vmid, Digest.Of(seed)));
        new SeededRandom(mark).Fill(payload.AsSpan(Size));
        BinaryPrimitives.WriteUInt32LittleEndian(payload, vmid);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(4), (uint)call.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), mark);
        return payload;
    }

    /// <summary>What tells a request from every other; all empty ones are alike.</summary>
    public static ulong Of(ReadOnlySpan<byte> payload) => Digest.Of(payload[..Math.Min(Size, payload.Length)]);
}

/// <summary>How a handler treats a request.</summary>
internal enum Treatment
{
    Now,
    Late,
    OutOfOrder,
    Twice,
    Silent,
    Refused,
}

/// <summary>
/// What the server does with a request. It follows from the request's bytes alone, so that the client can tell what must have come back, and a
/// request that was damaged on its way is answered with other bytes.
/// </summary>
internal sealed class Answer
{
    private const int Marks = 16;
    private readonly ulong _digest;
    private readonly ulong _identity;

    public Answer(ulong seed, PlannedLink link, MessageId id, ReadOnlySpan<byte> request)
    {
        _identity = Identity.Of(request);
        _digest = Digest.Of(request, Digest.Of(id.Value, Digest.Of(link.Vmid, Digest.Of(seed))));
        var random = new SeededRandom(_digest);
        Treatment = random.Next(20) switch
        {
            < 10 => Treatment.Now,
            < 13 => Treatment.Late,
            < 15 => Treatment.OutOfOrder,
            < 16 => link.AnswersTwice ? Treatment.Twice : Treatment.Now,
            < 17 => link.AnswersAll ? Treatment.Now : Treatment.Silent,
            _ => Treatment.Refused,
        };
        Error = Treatment == Treatment.Refused ? (RmError)random.Next(1, 12) : RmError.Ok;
        Length = random.Next(20) switch
        {
            < 14 => random.Next(Marks, 200),
            < 19 => random.Next(Marks, 1200),
            _ => random.Next(Marks, RpcLimits.MaxReplyPayload + 1),
        };
        DelayMs = random.Next(1, 25);
        NotificationsBefore = random.OneIn(4) ? random.Next(1, 4) : 0;
        NotificationsAfter = random.OneIn(4) ? random.Next(1, 4) : 0;
        if (random.OneIn(60))
            NotificationsAfter = 300;
    }

    public Treatment Treatment { get; }

    public RmError Error { get; }

    public int Length { get; }

    public int DelayMs { get; }

    public int NotificationsBefore { get; }

    public int NotificationsAfter { get; }

    /// <summary>The reply is one packet, which stands for itself whatever happens to others.</summary>
    public bool IsOnePacket => RpcLimits.PacketsFor(RpcLimits.ErrorSize + Length) == 1;

    /// <summary>Whose request a reply answers, as it says itself.</summary>
    public static ulong IdentityIn(ReadOnlySpan<byte> reply) => BinaryPrimitives.ReadUInt64LittleEndian(reply);

    public byte[] Payload()
    {
        var payload = new byte[Length];
        new SeededRandom(_digest).Fill(payload);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, _identity);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), _digest);
        return payload;
    }
}
