using RmStack.Cli.Reports;
using RmStack.Hypervisor;
using RmStack.Protocol;

namespace RmStack.Cli.Simulation;

/// <summary>Packets of one direction of a VM's link to the Resource Manager, counted, and put together to messages.</summary>
/// <param name="sender">VMID of the sender.</param>
/// <param name="receiver">VMID of the receiver.</param>
public sealed class LinkRecorder(ushort sender, ushort receiver)
{
    private readonly Reassembler _reassembler = new(receiver == RootVm.Vmid ? ReassemblyRules.ResourceManager : ReassemblyRules.LinuxV12);
    private int _packets;
    private int _bytes;

    /// <summary>VMID of the sender.</summary>
    public ushort Sender { get; } = sender;

    /// <summary>VMID of the receiver.</summary>
    public ushort Receiver { get; } = receiver;

    /// <summary>Packets so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes of them, headers included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Complete messages so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Packets that made no part of a message.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes a packet.</summary>
    /// <returns>The message that it completes, or null.</returns>
    public TranscriptMessage? Accept(ReadOnlySpan<byte> packet)
    {
        Packets++;
        Bytes += packet.Length;
        var partial = _reassembler.HasPartial;
        var outcome = _reassembler.Accept(packet);
        if (outcome.Result is not (ReassemblyResult.Complete or ReassemblyResult.Incomplete))
        {
            Dropped++;
            return null;
        }

        // A first packet begins the count anew, whatever was open before it.
        if (!partial || RpcHeader.TryRead(packet, out var header) != DecodeStatus.Ok || header.Type != RpcMessageType.Continuation) (_packets, _bytes) = (0, 0);
        _packets++;
        _bytes += packet.Length;
        if (outcome.Result == ReassemblyResult.Incomplete) return null;
        Messages++;
        return Message();
    }

    private TranscriptMessage Message()
    {
        var header = _reassembler.Header;
        var content = _reassembler.Content.ToArray();
        uint? error = header.Type == RpcMessageType.Reply && RpcReply.TryParse(content, out var reply) == DecodeStatus.Ok ? (uint)reply.Error : null;
        return new TranscriptMessage(
            Sender, Receiver, header.Type.ToString().ToLowerInvariant(), header.Id.Value, header.Id.ToString(), header.SequenceId, _packets, _bytes, error, content);
    }
}
