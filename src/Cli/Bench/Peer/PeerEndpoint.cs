using RmStack.Protocol;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Bench.Peer;

/// <summary>A socket that the server side of the bench listens on.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Spins">Both sides look for the next packet so often before they sleep.</param>
/// <param name="Depth">Packets that each direction has room for.</param>
internal sealed record PeerEndpoint(string Name, int Spins, int Depth)
{
    private const int DeepQueue = 64;

    /// <summary>An RPC server on a thread that looks for the next packet before it sleeps.</summary>
    public static PeerEndpoint Rpc { get; } = new("rpc", SocketLoop.DefaultSpins, RpcLimits.QueueDepth);

    /// <summary>The same with room for the replies to 64 calls at once.</summary>
    public static PeerEndpoint DeepRpc { get; } = new("rpc-deep", SocketLoop.DefaultSpins, DeepQueue);

    /// <summary>An RPC server on a thread that sleeps whenever there is no packet.</summary>
    public static PeerEndpoint SleepingRpc { get; } = new("rpc-asleep", 0, RpcLimits.QueueDepth);

    /// <summary>Takes packets and counts them.</summary>
    public static PeerEndpoint Packets { get; } = new("packets", SocketLoop.DefaultSpins, RpcLimits.QueueDepth);

    /// <summary>Blocking sends and receives, without a port.</summary>
    public static PeerEndpoint Raw { get; } = new("raw", 0, 0);

    /// <summary>The port at either end.</summary>
    public SocketPortOptions On(SocketLoop loop) => new() { Loop = loop, Depth = Depth };

    /// <summary>The file.</summary>
    public string In(string directory) => Path.Combine(directory, Name);
}
