using System.Buffers;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>A message that waits for its link. Its bytes lie in pooled memory of the process.</summary>
internal readonly struct StoredMessage
{
    private readonly byte[] _bytes;
    private readonly int _length;

    public StoredMessage(MessageId id, ushort sequenceId, RmError error, ReadOnlySpan<byte> payload)
    {
        Id = id;
        SequenceId = sequenceId;
        Error = error;
        _length = payload.Length;
        _bytes = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(_bytes);
    }

    public MessageId Id { get; }

    public ushort SequenceId { get; }

    public RmError Error { get; }

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(0, _length);

    public void Free() => ArrayPool<byte>.Shared.Return(_bytes);
}

/// <summary>Notifications that wait for one link: a ring of at most 256. RM: rm-rpc-fifo.c.</summary>
internal sealed class NotificationBacklog
{
    private const int FirstSize = 16;
    private StoredMessage[] _ring = [];
    private int _head;

    public int Count { get; private set; }

    public ref readonly StoredMessage Oldest => ref _ring[_head];

    /// <summary>Appends, after dropping the oldest when the limit is reached. True: one was dropped.</summary>
    public bool Add(StoredMessage message)
    {
        var full = Count == RpcLimits.MaxPendingNotifications;
        if (full)
            RemoveOldest();
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) % _ring.Length] = message;
        Count++;
        return full;
    }

    public void RemoveOldest()
    {
        _ring[_head].Free();
        _ring[_head] = default;
        _head = (_head + 1) % _ring.Length;
        Count--;
    }

    public void Clear()
    {
        while (Count > 0)
            RemoveOldest();
    }

    private void Grow()
    {
        var larger = new StoredMessage[Math.Clamp(_ring.Length * 2, FirstSize, RpcLimits.MaxPendingNotifications)];
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) % _ring.Length];
        (_ring, _head) = (larger, 0);
    }
}
