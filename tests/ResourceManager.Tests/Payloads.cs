using System.Buffers.Binary;
using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>Payloads of requests, laid out by hand from the public layouts.</summary>
internal static class Payloads
{
    public const byte Rwx = 7;
    public const byte Rw = 6;

    public static byte[] Vmid(ushort vmid, ushort upper = 0) => Pack(vmid, upper);

    public static byte[] Words(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var n = 0; n < words.Length; n++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(n * 4), words[n]);
        return bytes;
    }

    public static byte[] Lend((ushort Vmid, byte Rights)[] acl, (ulong Ipa, ulong Size)[] sgl, uint label = 0, byte flags = 0, byte type = 0, (ushort Attribute, ushort Vmid)[]? attributes = null)
    {
        var buffer = new byte[16384];
        var writer = new PayloadWriter(buffer);
        writer.U8(type);
        writer.U8(0);
        writer.U8(flags);
        writer.U8(0);
        writer.U32(label);
        writer.U32((uint)acl.Length);
        foreach (var (vmid, rights) in acl)
        {
            writer.U16(vmid);
            writer.U8(rights);
            writer.U8(0);
        }

        Sgl(ref writer, sgl);
        writer.U32((uint)(attributes?.Length ?? 0));
        foreach (var (attribute, vmid) in attributes ?? [])
        {
            writer.U16(attribute);
            writer.U16(vmid);
        }

        return buffer[..writer.Length];
    }

    public static byte[] Append(uint handle, byte flags, params (ulong Ipa, ulong Size)[] sgl)
    {
        var buffer = new byte[16384];
        var writer = new PayloadWriter(buffer);
        writer.U32(handle);
        writer.U32(flags);
        Sgl(ref writer, sgl);
        return buffer[..writer.Length];
    }

    public static byte[] Reclaim(uint handle, bool sanitize = false) => Words(handle, sanitize ? 1u : 0);

    public static byte[] Config(ushort vmid, uint handle, ulong dtbOffset, ulong dtbSize, ushort auth = 0, ulong imageOffset = 0, ulong imageSize = 0)
    {
        var buffer = new byte[40];
        var writer = new PayloadWriter(buffer);
        writer.U16(vmid);
        writer.U16(auth);
        writer.U32(handle);
        writer.U64(imageOffset);
        writer.U64(imageSize);
        writer.U64(dtbOffset);
        writer.U64(dtbSize);
        return buffer[..writer.Length];
    }

    public static byte[] Stop(ushort vmid, byte flags, uint reason = 3)
    {
        var buffer = new byte[8];
        var writer = new PayloadWriter(buffer);
        writer.U16(vmid);
        writer.U8(flags);
        writer.U8(0);
        writer.U32(reason);
        return buffer[..writer.Length];
    }

    /// <summary>VM_STATUS as it should be.</summary>
    public static Notice Status(ushort vmid, byte state) => new(new MessageId(0x5610_0008), [(byte)vmid, (byte)(vmid >> 8), 0, 0, state, 0, 0, 0]);

    /// <summary>MEM_RELEASED as it should be.</summary>
    public static Notice Released(uint handle, ushort vmid) => new(new MessageId(0x5110_0012), Words(handle, vmid, 0));

    /// <summary>VM_EXITED as it should be.</summary>
    public static Notice Exited(ushort vmid, ushort type, params uint[] reason) =>
        new(new MessageId(0x5610_0001), [.. Pack(vmid, type), .. Words((uint)reason.Length * 4), .. Words(reason)]);

    private static byte[] Pack(ushort low, ushort high) => Words(low | ((uint)high << 16));

    private static void Sgl(ref PayloadWriter writer, (ulong Ipa, ulong Size)[] sgl)
    {
        writer.U32((uint)sgl.Length);
        foreach (var (ipa, size) in sgl)
        {
            writer.U64(ipa);
            writer.U64(size);
        }
    }
}
