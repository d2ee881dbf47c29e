using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace RmStack.Transport.Rpc;

/// <summary>
/// A reply's payload outside the receive slab. It is given back once: every life has a version, and only the holder of the current one
/// can read it or give it back, so a result that was copied or disposed twice does no harm.
/// </summary>
internal sealed class ReplyBuffer
{
    private const int RetainedBuffers = 256;
    private static readonly ObjectPool<ReplyBuffer> s_pool = new DefaultObjectPool<ReplyBuffer>(new DefaultPooledObjectPolicy<ReplyBuffer>(), RetainedBuffers);
    private byte[] _bytes = [];
    private int _length;
    private int _version;

    public int Version => Volatile.Read(ref _version);

    public static ReplyBuffer Copy(ReadOnlySpan<byte> payload)
    {
        var buffer = s_pool.Get();
        buffer._bytes = ArrayPool<byte>.Shared.Rent(payload.Length);
        buffer._length = payload.Length;
        payload.CopyTo(buffer._bytes);
        return buffer;
    }

    public ReadOnlyMemory<byte> Read(int version)
    {
        ObjectDisposedException.ThrowIf(version != Version, typeof(RpcCallResult));
        return _bytes.AsMemory(0, _length);
    }

    public void Release(int version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
        s_pool.Return(this);
    }
}
