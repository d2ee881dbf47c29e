using RmStack.Protocol;

namespace RmStack.Fuzz.Targets;

/// <summary>
/// A stream of packets against the reassembler of every receiver: the input is cut into packets by a length byte before
/// each. What comes out complete is never longer than the limit and never more than went in.
/// </summary>
public sealed class ReassemblerTarget : IFuzzTarget
{
    private readonly Reassembler[] _reassemblers = [.. ReassemblyRules.All.Select(rules => new Reassembler(rules))];

    public string Name => "reassembler";

    public IReadOnlyList<byte[]> Seeds { get; } = [Stream(12), Stream(500), Stream(RpcLimits.MaxContent)];

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (var reassembler in _reassemblers)
        {
            var rest = input;
            var fed = 0;
            while (!rest.IsEmpty)
            {
                var length = Math.Min(rest[0], rest.Length - 1);
                var packet = rest.Slice(1, length);
                rest = rest[(1 + length)..];
                fed += length;
                var outcome = reassembler.Accept(packet);
                if (outcome.Result != ReassemblyResult.Complete) continue;
                FuzzFindingException.Require(reassembler.Content.Length <= RpcLimits.MaxContent + RpcLimits.ContentPerPacket, "a message is bounded");
                FuzzFindingException.Require(reassembler.Content.Length <= fed, "a message holds only what was received");
            }

            reassembler.Reset();
        }
    }

    private static byte[] Stream(int length)
    {
        var content = new byte[length];
        for (var n = 0; n < length; n++) content[n] = (byte)n;
        var stream = new List<byte>();
        var packet = new byte[RpcLimits.PacketSize];
        var fragmenter = new Fragmenter(RpcMessageType.Reply, 1, MessageId.MemLend, length);
        while (!fragmenter.Done)
        {
            fragmenter.TryWriteNext(content, packet, out var size, out _);
            stream.Add((byte)size);
            stream.AddRange(packet[..size]);
        }

        return [.. stream];
    }
}
