using System.Net.Sockets;
using RmStack.Protocol;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>Datagrams of one size in one direction through blocking sends and receives, and one back at the end of each batch.</summary>
internal sealed class RawStream(Socket socket, int size) : IWorkload
{
    private const int Batch = 8192;
    private readonly byte[] _sent = new byte[size];
    private readonly byte[] _received = new byte[RpcLimits.PacketSize];

    public void Run(int items)
    {
        try
        {
            while (items > 0)
            {
                var batch = Math.Min(items, Batch);
                new RawMessage((ushort)batch, 1, sizeof(ulong)).Write(_sent);
                for (var n = 0; n < batch; n++)
                    socket.Send(_sent);
                if (socket.Receive(_received) == 0)
                    throw new BenchFailedException("the other side closed the socket");
                items -= batch;
            }
        }
        catch (SocketException failure)
        {
            throw new BenchFailedException(failure.Message, failure);
        }
    }

    public void Dispose() => socket.Dispose();
}
