using FsCheck.Xunit;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>Written, cut into packets, joined, read: what comes out is what went in.</summary>
public sealed class RoundTripTests
{
    [Property]
    public void Memparcels((ushort, byte)[] acl, (ulong, ulong)[] sgl, (ushort, ushort)[] attributes, uint label, byte type, byte flags, ushort sequence)
    {
        var aclIn = acl.Select(entry => new AclEntry(entry.Item1, (MemRights)entry.Item2)).ToArray();
        var sglIn = Repeat(sgl.Select(entry => new SglEntry(entry.Item1, entry.Item2)).ToArray(), label % 20);
        var attributesIn = attributes.Select(entry => new MemAttributeEntry((MemAttribute)entry.Item1, entry.Item2)).ToArray();
        var payload = new byte[MemLend.SizeOf(aclIn.Length, sglIn.Length, attributesIn.Length)];
        MemLend.Write(payload, (MemType)type, (MemCreateFlags)flags, label, aclIn, sglIn, attributesIn);
        var joined = Travel(RpcMessageType.Request, MessageId.MemShare, sequence, payload);
        var status = MemLend.TryParse(joined, out var view);
        Assert.Equal(payload.Length < MemLend.MinSize ? DecodeStatus.TooShort : DecodeStatus.Ok, status);
        if (status != DecodeStatus.Ok)
            return;
        Assert.Equal(((MemType)type, (MemCreateFlags)flags, label), (view.MemType, view.Flags, view.Label));
        Assert.Equal(aclIn, Copy(view.Acl));
        Assert.Equal(sglIn, Copy(view.Sgl));
        Assert.Equal(attributesIn, Copy(view.Attributes));
    }

    [Property]
    public void Accepting((ushort, byte)[] acl, (ulong, ulong)[] sgl, uint handle, ushort mapVmid, byte flags)
    {
        var aclIn = acl.Select(entry => new AclEntry(entry.Item1, (MemRights)entry.Item2)).ToArray();
        var sglIn = sgl.Select(entry => new SglEntry(entry.Item1, entry.Item2)).ToArray();
        var payload = new byte[MemAccept.SizeOf(aclIn.Length, sglIn.Length, 0)];
        MemAccept.Write(payload, handle, MemType.Normal, MemTransType.Lend, (MemAcceptFlags)flags, handle, aclIn, mapVmid, sglIn, []);
        Assert.Equal(DecodeStatus.Ok, MemAccept.TryParse(Travel(RpcMessageType.Request, MessageId.MemAccept, 0, payload), out var view));
        Assert.Equal((handle, mapVmid, (MemAcceptFlags)flags), (view.Handle, view.MapVmid, view.Flags));
        Assert.Equal(aclIn, Copy(view.Acl));
        Assert.Equal(sglIn, Copy(view.Sgl));

        var reply = new byte[MemAcceptReply.SizeOf(sglIn.Length)];
        MemAcceptReply.Write(reply, MemAcceptReplyFlags.Incomplete, sglIn);
        Assert.Equal(DecodeStatus.Ok, MemAcceptReply.TryParse(reply, out var answer));
        Assert.Equal(sglIn, Copy(answer.Sgl));
        Assert.Equal(MemAcceptReplyFlags.Incomplete, answer.Flags);
    }

    [Property]
    public void Resources((byte, ushort, uint, ulong)[] entries, byte repeat)
    {
        var resources = Repeat(
            entries.Select(entry => new HypResource((ResourceType)entry.Item1, entry.Item2, entry.Item3, entry.Item3 + 1, new CapId(entry.Item4), entry.Item3 + 2, entry.Item3 + 3, ~entry.Item4, entry.Item4 >> 1)).ToArray(),
            repeat % 4u);
        var payload = new byte[VmGetHypResourcesReply.SizeOf(resources.Length)];
        VmGetHypResourcesReply.Write(payload, resources);
        Assert.Equal(4 + (44 * resources.Length), payload.Length);
        Assert.Equal(DecodeStatus.Ok, VmGetHypResourcesReply.TryParse(Travel(RpcMessageType.Notification, MessageId.VmGetHypResources, 1, payload), out var view));
        Assert.Equal(resources, Copy(view.Resources));
    }

    [Property]
    public void Texts(byte[] text, ushort vmid)
    {
        var payload = new byte[4096];
        Assert.Equal(VmConsoleWrite.SizeOf(text.Length), VmConsoleWrite.Write(payload, vmid, text));
        Assert.Equal(DecodeStatus.Ok, VmConsoleWrite.TryParse(payload.AsSpan(0, VmConsoleWrite.SizeOf(text.Length)), out var console));
        Assert.Equal(text, console.Text.ToArray());
        Assert.Equal(vmid, console.Target);

        var length = VmCrashMsg.Write(payload, text);
        Assert.Equal(0, length % 4);
        Assert.Equal(DecodeStatus.Ok, VmCrashMsg.TryParse(payload.AsSpan(0, length), out var crash));
        Assert.Equal(text, crash.Text.ToArray());

        length = VmLookupName.Write(payload, text);
        Assert.Equal(text.Length > 79 ? DecodeStatus.NameTooLong : DecodeStatus.Ok, VmLookupName.TryParse(payload.AsSpan(0, length), out var name));
        if (text.Length <= 79)
            Assert.Equal(text, name.Name.ToArray());
        if (text.Length % 4 == 0)
            return;
        payload[length - 1] = 1;
        Assert.Equal(DecodeStatus.BadPadding, VmCrashMsg.TryParse(payload.AsSpan(0, length), out _));
    }

    [Property]
    public void Identities((byte, byte[])[] entries)
    {
        var payload = new byte[8192];
        var writer = new VmGetIdReply.Writer(payload, entries.Length);
        foreach (var (type, data) in entries)
            writer.Add((VmIdType)type, data);
        var length = writer.End();
        Assert.Equal(DecodeStatus.Ok, VmGetIdReply.TryParse(payload.AsSpan(0, length), out var view));
        Assert.Equal(entries.Length, view.Count);
        var index = 0;
        foreach (var entry in view)
        {
            Assert.Equal((VmIdType)entries[index].Item1, entry.Type);
            Assert.Equal(entries[index].Item2, entry.Data.ToArray());
            index++;
        }

        Assert.Equal(entries.Length, index);
    }

    private static byte[] Travel(RpcMessageType type, MessageId id, ushort sequence, byte[] payload)
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        foreach (var packet in Framing.FragmenterTests.Cut(type, sequence, id, payload))
            reassembler.Accept(packet);
        Assert.Equal((type, id, sequence), (reassembler.Header.Type, reassembler.Header.Id, reassembler.Header.SequenceId));
        return reassembler.Content.ToArray();
    }

    private static T[] Copy<T>(WireList<T> list)
        where T : struct, IWireElement<T>
    {
        var copy = new T[list.Count];
        list.CopyTo(copy);
        var index = 0;
        foreach (var entry in list)
            Assert.Equal(copy[index++], entry);
        return copy;
    }

    private static T[] Repeat<T>(T[] entries, uint times) =>
        Enumerable.Repeat(entries, (int)times + 1).SelectMany(part => part).Take(RpcLimits.MaxListEntries / 2).ToArray();
}
