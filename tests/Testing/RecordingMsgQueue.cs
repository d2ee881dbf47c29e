using System.Buffers;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;

namespace RmStack.Testing;

/// <summary>A packet that was sent, with its flags.</summary>
public sealed record SentPacket(byte[] Bytes, MsgQueueFlags Flags)
{
    public string Hex => Convert.ToHexString(Bytes);
}

/// <summary>
/// A port under the test's control: it records what is sent, has as many free places as the test says, answers with the errors the test
/// says, and gives out the packets that the test puts in. Interrupts are raised by the test, inside its own call.
/// </summary>
public sealed class RecordingMsgQueue : IMsgQueuePort
{
    private readonly Queue<byte[]> _incoming = new();
    private readonly Queue<GunyahError> _sendErrors = new();
    private readonly Queue<MsgQueueReceiveResult> _receiveAnswers = new();

    public MemoryPool<byte> Buffers { get; } = new SlabPool();

    public Action? NotFull { get; set; }

    public Action? NotEmpty { get; set; }

    /// <summary>Places left in the queue that the code under test sends to.</summary>
    public int Room { get; set; } = int.MaxValue;

    public List<SentPacket> Sent { get; } = [];

    public int SendCalls { get; private set; }

    public int ReceiveCalls { get; private set; }

    public int Waiting => _incoming.Count;

    /// <summary>Runs inside every send, before it has an effect, as an interrupt of another processor would.</summary>
    public Action? DuringSend { get; set; }

    /// <summary>The next sends are answered with these errors, whatever the room.</summary>
    public void FailSends(params GunyahError[] errors) => Array.ForEach(errors, _sendErrors.Enqueue);

    /// <summary>The next receives are answered so, and take nothing.</summary>
    public void AnswerReceives(params MsgQueueReceiveResult[] answers) => Array.ForEach(answers, _receiveAnswers.Enqueue);

    /// <summary>Puts packets into the queue that the code under test receives from, and says nothing.</summary>
    public void Put(params byte[][] packets) => Array.ForEach(packets, _incoming.Enqueue);

    /// <summary>Puts packets in and raises the RX interrupt once.</summary>
    public void Deliver(params byte[][] packets)
    {
        Put(packets);
        NotEmpty?.Invoke();
    }

    /// <summary>The peer takes <paramref name="count"/> packets: that much room, and the TX interrupt.</summary>
    public void MakeRoom(int count)
    {
        Room += count;
        NotFull?.Invoke();
    }

    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        SendCalls++;
        DuringSend?.Invoke();
        if (_sendErrors.TryDequeue(out var error))
            return new MsgQueueSendResult(error, NotFull: false);
        if (Room == 0)
            return new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false);
        Room--;
        Sent.Add(new SentPacket(message.ToArray(), flags));
        return new MsgQueueSendResult(GunyahError.Ok, Room > 0);
    }

    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        ReceiveCalls++;
        if (_receiveAnswers.TryDequeue(out var answer))
            return answer;
        if (!_incoming.TryDequeue(out var packet))
            return new MsgQueueReceiveResult(GunyahError.MsgQueueEmpty, 0, NotEmpty: false);
        packet.CopyTo(buffer);
        return new MsgQueueReceiveResult(GunyahError.Ok, packet.Length, _incoming.Count > 0);
    }
}
