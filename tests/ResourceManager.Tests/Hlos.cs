using System.Buffers.Binary;
using RmStack.Hypervisor.Native;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Tests;

/// <summary>A reply, and the notifications that came before it.</summary>
internal sealed record Answer(RmError Error, byte[] Payload, IReadOnlyList<Notice> Before);

/// <summary>A notification.</summary>
internal sealed record Notice(MessageId Id, byte[] Payload)
{
    public override string ToString() => $"{Id} {Convert.ToHexStringLower(Payload)}";
}

/// <summary>
/// The primary VM as the test's software sees it: raw packets by hypercalls, no library in between, so that what is tested
/// is not tested with itself.
/// </summary>
internal sealed class Hlos
{
    private const uint ReceiveIntid = 961;
    private const int MaxPacket = 240;
    private const int HeaderSize = 8;
    private const ulong Buffer = 0x4020_0000;

    private static readonly CapId s_transmit = new(0);
    private static readonly CapId s_receive = new(1);

    private TaskCompletionSource _arrived = NewSignal();
    private ushort _sequence;

    public Hlos(World world, NativeContext context)
    {
        World = world;
        Context = context;
        context.Interrupts.Initialise(World.Layout.GicdBase);
        context.Interrupts.Enable(ReceiveIntid, () => _arrived.TrySetResult());
    }

    public World World { get; }

    public NativeContext Context { get; }

    public VmMemory Memory => Context.Memory;

    /// <summary>Sends one queue message, whatever it is.</summary>
    public SendResult Send(ReadOnlySpan<byte> packet, bool push = true)
    {
        Memory.Write(Buffer, packet);
        return Context.Smccc.MsgQueueSend(s_transmit, (ulong)packet.Length, Buffer, push ? MsgQueueFlags.Push : MsgQueueFlags.None);
    }

    /// <summary>The next queue message.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        while (true)
        {
            var result = Context.Smccc.MsgQueueReceive(s_receive, Buffer + 4096, MaxPacket);
            if (result.Error == GunyahError.Ok)
            {
                var packet = new byte[result.Size];
                Memory.Read(Buffer + 4096, packet);
                return packet;
            }

            Assert.Equal(GunyahError.MsgQueueEmpty, result.Error);
            await _arrived.Task;
            _arrived = NewSignal();
        }
    }

    /// <summary>The next message, its fragments joined.</summary>
    public async Task<(byte Type, ushort Sequence, MessageId Id, byte[] Content)> ReceiveMessageAsync()
    {
        var first = await ReceiveAsync();
        var content = new List<byte>(first[HeaderSize..]);
        for (var left = first[1] >> 2; left > 0; left--)
        {
            var next = await ReceiveAsync();
            Assert.Equal(first[1] & 0xfc, next[1]);
            Assert.Equal(first[2..HeaderSize], next[2..HeaderSize]);
            content.AddRange(next[HeaderSize..]);
        }

        return ((byte)(first[1] & 3), BitConverter.ToUInt16(first, 2), new MessageId(BitConverter.ToUInt32(first, 4)), [.. content]);
    }

    /// <summary>One request and its reply; notifications on the way are kept with it.</summary>
    public async Task<Answer> CallAsync(MessageId id, byte[] payload)
    {
        var sequence = _sequence++;
        await SendMessageAsync(id, sequence, payload);
        var before = new List<Notice>();
        while (true)
        {
            var message = await ReceiveMessageAsync();
            if (message.Type == 3)
            {
                before.Add(new Notice(message.Id, message.Content));
                continue;
            }

            Assert.Equal((2, sequence, id), (message.Type, message.Sequence, message.Id));
            return new Answer((RmError)BitConverter.ToUInt32(message.Content), message.Content[4..], before);
        }
    }

    /// <summary>The next notification.</summary>
    public async Task<Notice> NoticeAsync()
    {
        var message = await ReceiveMessageAsync();
        Assert.Equal(3, message.Type);
        return new Notice(message.Id, message.Content);
    }

    /// <summary>Sends a request, waiting for room when the queue is full.</summary>
    public async Task SendMessageAsync(MessageId id, ushort sequence, byte[] payload)
    {
        const int PerPacket = MaxPacket - HeaderSize;
        var fragments = payload.Length == 0 ? 0 : (payload.Length - 1) / PerPacket;
        for (var n = 0; n <= fragments; n++)
        {
            var part = payload.AsSpan(n * PerPacket, Math.Min(PerPacket, payload.Length - (n * PerPacket)));
            var packet = new byte[HeaderSize + part.Length];
            packet[0] = 0x21;
            packet[1] = (byte)((fragments << 2) | (n == 0 ? 1 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(2), sequence);
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(4), id.Value);
            part.CopyTo(packet.AsSpan(HeaderSize));
            while (Send(packet, n == fragments).Error == GunyahError.MsgQueueFull) await Task.Yield();
        }
    }

    /// <summary>True when no message waits.</summary>
    public bool HasNothing() => Context.Smccc.MsgQueueReceive(s_receive, Buffer + 4096, MaxPacket).Error == GunyahError.MsgQueueEmpty;

    /// <summary>Runs a vCPU until it is something else than preempted.</summary>
    public async Task<RunResult> RunVcpuAsync(ulong cap, int turns = 1000)
    {
        var result = await Context.Smccc.RunAsync(new CapId(cap));
        while (result is { Error: GunyahError.Ok, State: 0 } && turns-- > 0) result = await Context.Smccc.RunAsync(new CapId(cap));
        return result;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
