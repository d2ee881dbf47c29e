using RmStack.Cli.Bench.Contexts;
using RmStack.Protocol;
using RmStack.Transport;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>A client, wherever its server is.</summary>
internal sealed class RpcLink : IDisposable
{
    /// <summary>The client's VMID at its server.</summary>
    public const ushort Vmid = 3;

    private readonly Action _dispose;

    /// <summary>Makes the client on its side of the stage.</summary>
    public RpcLink(Stage stage, IMsgQueuePort port, bool inline, Action dispose)
    {
        Stage = stage;
        _dispose = dispose;
        RpcClient? client = null;
        stage.OnClient(() => client = new RpcClient(port, new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent, InlineContinuations = inline }));
        Client = client!;
    }

    public Stage Stage { get; }

    public RpcClient Client { get; }

    /// <summary>Client and server over two loopback queues.</summary>
    public static RpcLink Loopback(Stage stage, RpcShape shape, int inFlight, bool inline)
    {
        var up = new LoopbackQueue(senderContext: stage.ClientContext, receiverContext: stage.ServerContext);
        var deep = new LoopbackQueueOptions { Depth = shape.ReplyDepth(inFlight) };
        var down = new LoopbackQueue(deep, senderContext: stage.ServerContext, receiverContext: stage.ClientContext);
        var server = Serve(stage, new LoopbackPort(down, up));
        return new RpcLink(stage, new LoopbackPort(up, down), inline, server.Dispose);
    }

    /// <summary>Makes a server on its side of the stage.</summary>
    public static RpcServer Serve(Stage stage, IMsgQueuePort port)
    {
        RpcServer? server = null;
        stage.OnServer(() =>
        {
            server = new RpcServer(new SizedReplyHandler());
            server.AddLink(Vmid, port);
        });
        return server!;
    }

    public void Dispose()
    {
        _ = Client.DisposeAsync().AsTask();
        _dispose();
    }
}
