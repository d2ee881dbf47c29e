using BenchmarkDotNet.Attributes;
using Kaitai;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec;

namespace RmStack.Benchmarks;

/// <summary>What most messages are: one packet, a few fields. VM_CONFIG_IMAGE, 40 bytes, all fields read; and the header of its packet.</summary>
[MemoryDiagnoser]
public class SmallMessageBenchmarks
{
    private readonly byte[] _packet = new byte[RpcLimits.HeaderSize + VmConfigImage.Size];
    private readonly byte[] _payload = new byte[VmConfigImage.Size];

    [GlobalSetup]
    public void Setup()
    {
        VmConfigImage.Write(_payload, 0x80, AuthMechanism.None, 1, 0, 0, 0x1F0000, 0x10000);
        RpcPacketWriter.WriteRequest(_packet, 7, MessageId.VmConfigImage, _payload);
    }

    [Benchmark(Baseline = true)]
    public int Packet()
    {
        RpcPacket.TryParse(_packet, out var packet);
        return packet.Content.Length + packet.Header.SequenceId + (int)packet.Header.Id.Value;
    }

    [Benchmark]
    public int KaitaiPacket()
    {
        var packet = new GunyahRmPacket(new KaitaiStream(_packet));
        return packet.Content.Length + packet.Sequence + (int)packet.Id;
    }

    [Benchmark]
    public ulong Message()
    {
        VmConfigImage.TryParse(_payload, out var config);
        return config.Vmid + (ulong)config.Auth + config.Handle + config.ImageOffset + config.ImageSize + config.DtbOffset + config.DtbSize;
    }

    [Benchmark]
    public ulong KaitaiMessage()
    {
        var config = (VmLifecycle.VmConfigImage)new GunyahRmPayload(MessageNumber.VmConfigImage, false, new KaitaiStream(_payload)).Message;
        return config.Vmid + (ulong)config.Auth + config.Parcel + config.ImageOffset + config.ImageSize + config.DtbOffset + config.DtbSize;
    }
}
