using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Benchmarks.Copies;

/// <summary>
/// A way of getting a message through a queue of packets, from memory in which it lies behind eight spare bytes. Afterwards it can be read until the
/// next one moves.
/// </summary>
internal interface IMessageWay
{
    /// <summary>Sends and receives it.</summary>
    void Move(Span<byte> roomAndContent);

    /// <summary>Reads it where it lies.</summary>
    ulong Read(int listBytes);

    /// <summary>Takes it away, so that the next message may come while it is read, reads it, and gives its memory back.</summary>
    ulong KeepAndRead(int listBytes);

    /// <summary>Sums a list, one piece.</summary>
    static ulong Sum(ReadOnlySpan<byte> payload)
    {
        if (MemLend.TryParse(payload, out var lend) != DecodeStatus.Ok)
            throw new InvalidOperationException("The message did not come through.");
        var sum = 0UL;
        foreach (var entry in lend.Sgl)
            sum += entry.Ipa + entry.Size;
        return sum;
    }

    /// <summary>Sums a list in pieces.</summary>
    static ulong Sum(in ReadOnlySequence<byte> payload)
    {
        if (MemLend.TryParse(in payload, out var lend) != DecodeStatus.Ok)
            throw new InvalidOperationException("The message did not come through.");
        var sum = 0UL;
        foreach (var entry in lend.Sgl)
            sum += entry.Ipa + entry.Size;
        return sum;
    }
}
