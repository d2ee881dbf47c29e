using System.Globalization;
using System.Text;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Testing;

/// <summary>A handler made of a delegate.</summary>
public sealed class DelegateHandler(DelegateHandler.Body body) : IRpcHandler
{
    public delegate void Body(in RpcRequest request, RpcResponder responder);

    public static DelegateHandler Echo { get; } = new(static (in request, responder) => responder.Reply(RmError.Ok, request.Payload));

    public void Handle(in RpcRequest request, RpcResponder responder) => body(request, responder);
}

/// <summary>Writes every packet that went through, one line each.</summary>
public sealed class PacketTrace : IPacketObserver
{
    private readonly StringBuilder _lines = new();

    public string Text => _lines.ToString();

    public int Packets { get; private set; }

    public void OnSend(ReadOnlySpan<byte> packet, MsgQueueFlags flags, MsgQueueSendResult result) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"> {Convert.ToHexString(packet)} {flags} {result.Error} {result.NotFull}"));

    public void OnReceive(ReadOnlySpan<byte> packet, MsgQueueReceiveResult result) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"< {Convert.ToHexString(packet)} {result.Error} {result.NotEmpty}"));

    private void Add(string line)
    {
        Packets++;
        _lines.Append(line).Append('\n');
    }
}

/// <summary>A client and a server with one link between them, all on one single-threaded context.</summary>
public sealed class RpcPair
{
    /// <summary>The VMID of the client's link.</summary>
    public const ushort Vmid = 3;

    public RpcPair(IRpcHandler handler, RpcClientOptions? options = null, LoopbackQueueOptions? queue = null)
    {
        var (client, server) = LoopbackPort.CreatePair(queue, Context, Context);
        ClientPort = client;
        ServerPort = server;
        Trace = new PacketTrace();
        RpcServer? rpcServer = null;
        RpcClient? rpcClient = null;
        Context.Run(() =>
        {
            rpcServer = new RpcServer(handler);
            Link = rpcServer.AddLink(Vmid, server);
            rpcClient = new RpcClient(new ObservedPort(client, Trace), options);
        });
        Server = rpcServer!;
        Client = rpcClient!;
    }

    public SingleThreadContext Context { get; } = new();

    public LoopbackPort ClientPort { get; }

    public LoopbackPort ServerPort { get; }

    public PacketTrace Trace { get; }

    public RpcServer Server { get; }

    public RpcServerLink Link { get; private set; } = null!;

    public RpcClient Client { get; }

    /// <summary>Runs an asynchronous test on the pair's context.</summary>
    public void Run(Func<Task> body) => Context.Run(body);
}
