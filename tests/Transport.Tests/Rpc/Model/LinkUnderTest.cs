using System.Buffers.Binary;
using System.Globalization;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>A real server with one link to a VM that takes one packet at a time; its event loop goes one step when it is told to.</summary>
internal sealed class LinkUnderTest
{
    private const ushort Vmid = 3;
    private readonly SingleThreadContext _context = new();
    private readonly LoopbackPort _vm;
    private RpcServer _server = null!;
    private int _made;
    private int _number;

    public LinkUnderTest()
    {
        var (vm, rm) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = ReferenceLink.Depth }, new SingleThreadContext(), _context);
        _vm = vm;
        _context.Run(() =>
        {
            _server = new RpcServer(UnimplementedHandler.Instance);
            Link = _server.AddLink(Vmid, rm);
        });
    }

    public RpcServerLink Link { get; private set; } = null!;

    /// <summary>The handler of a request that came long ago answers now.</summary>
    public void Reply(int packets)
    {
        var number = _made++;
        new RpcResponder(Link, new RpcHeader(RpcMessageType.Request, 0, (ushort)number, MessageId.VmStart)).Reply(RmError.Ok, Payload(number, packets, RpcLimits.ErrorSize));
    }

    public void Notify(int packets)
    {
        var number = _made++;
        _server.Notify(Vmid, MessageId.VmStatus, Payload(number, packets, 0));
    }

    public string Take()
    {
        var buffer = new byte[RpcLimits.PacketSize];
        var received = _vm.Receive(buffer);
        if (received.Error == GunyahError.MsgQueueEmpty)
            return "empty";
        var header = Packets.Header(buffer);
        if (header.Type != RpcMessageType.Continuation)
            _number = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(RpcLimits.HeaderSize + (header.Type == RpcMessageType.Reply ? RpcLimits.ErrorSize : 0)));
        var kind = header.Type switch { RpcMessageType.Reply => "reply", RpcMessageType.Notification => "notification", _ => "more" };
        return string.Create(CultureInfo.InvariantCulture, $"{kind} {header.SequenceId} {_number} {header.Fragments + 1}");
    }

    public void Step() => _context.Step();

    private static byte[] Payload(int number, int packets, int before)
    {
        var payload = new byte[((packets - 1) * RpcLimits.ContentPerPacket) + 8 - before + (packets > 1 ? before : 0)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return payload;
    }
}
