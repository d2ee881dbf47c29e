namespace RmStack.Protocol.Tests.Framing;

/// <summary>
/// Reassembly told again, one receiver at a time and without sharing, from the descriptions of the receivers: packets are kept in a list and
/// joined at the end. Slow and plain on purpose.
/// </summary>
internal sealed class ReassemblyModel(string receiver)
{
    private readonly List<byte[]> _parts = [];
    private byte[]? _first;
    private bool _errorPointer;

    public bool HasPartial => _first is not null;

    public byte[]? Message { get; private set; }

    public HashSet<int> ExpectedReplies { get; } = [];

    public (ReassemblyResult Result, ReassemblyEffects Effects) Accept(byte[] packet)
    {
        Message = null;
        return receiver switch
        {
            "RM" => Rm(packet),
            "Linux v5" => LinuxV5(packet),
            "Linux v10" => LinuxV10(packet),
            "Linux v12" => LinuxV12(packet, ReassemblyEffects.None),
            "downstream" => Downstream(packet),
            _ => LinuxV12(packet, ReassemblyEffects.StopsReceiving),
        };
    }

    private static int Type(byte[] packet) => packet[1] & 3;

    private static int Fragments(byte[] packet) => packet[1] >> 2;

    private static int Sequence(byte[] packet) => packet[2] | (packet[3] << 8);

    private static bool SameId(byte[] a, byte[] b) => a.AsSpan(4, 4).SequenceEqual(b.AsSpan(4, 4));

    private static (ReassemblyResult, ReassemblyEffects) Drop(ReassemblyEffects effects = ReassemblyEffects.None) => (ReassemblyResult.Dropped, effects);

    private (ReassemblyResult, ReassemblyEffects) Rm(byte[] packet)
    {
        if (packet.Length is < 8 or > 240 || packet[0] != 0x21 || Fragments(packet) == 63)
            return Drop();
        if (Type(packet) != 0)
        {
            var effect = HasPartial ? ReassemblyEffects.PartialDiscarded : ReassemblyEffects.None;
            return Begin(packet, effect);
        }

        if (_first is null || !SameId(packet, _first) || Sequence(packet) != Sequence(_first) || Fragments(packet) != Fragments(_first))
            return Drop();
        return Add(packet);
    }

    private (ReassemblyResult, ReassemblyEffects) LinuxV5(byte[] packet)
    {
        if (packet.Length is <= 8 or > 240)
            return Drop();
        switch (Type(packet))
        {
            case 0:
                return _first is null ? Drop() : Add(packet);
            case 1:
                return Drop();
            case 2 when !ExpectedReplies.Contains(Sequence(packet)):
                return Drop(LosePartial());
        }

        var effect = HasPartial ? ReassemblyEffects.PartialAborted : ReassemblyEffects.None;
        if (Type(packet) == 2 && packet.Length < 12)
        {
            Forget();
            return Drop(effect | ReassemblyEffects.WouldCrash);
        }

        return Begin(packet, effect);
    }

    private (ReassemblyResult, ReassemblyEffects) LinuxV10(byte[] packet)
    {
        if (packet.Length is <= 8 or > 240 || packet[0] != 0x21)
            return Drop();
        switch (Type(packet))
        {
            case 0 when _first is null:
                return Drop(ReassemblyEffects.WouldCrash);
            case 0:
                return AddOrAbort(packet);
            case 1:
                return Drop();
            case 2 when !ExpectedReplies.Contains(Sequence(packet)):
                return Drop(LosePartial());
            default:
                var effect = LosePartial();
                return BeginOrRefuse(packet, effect);
        }
    }

    private (ReassemblyResult, ReassemblyEffects) LinuxV12(byte[] packet, ReassemblyEffects afterNonsense)
    {
        if (packet.Length is < 8 or > 240)
            return Drop();
        if (packet[0] != 0x21)
            return Drop(afterNonsense);
        switch (Type(packet))
        {
            case 0 when _first is null:
                return Drop();
            case 0:
                return AddOrAbort(packet);
            case 1:
                return Drop(afterNonsense);
            case 2 when !ExpectedReplies.Contains(Sequence(packet)):
                return Drop();
            default:
                var effect = HasPartial ? ReassemblyEffects.PartialAborted : ReassemblyEffects.None;
                Forget();
                return BeginOrRefuse(packet, effect);
        }
    }

    private (ReassemblyResult, ReassemblyEffects) Downstream(byte[] packet)
    {
        if (packet.Length is <= 8 or > 240 || Type(packet) == 1)
            return Drop();
        if (Type(packet) == 0)
        {
            if (_first is null)
                return Drop(_errorPointer ? ReassemblyEffects.WouldCrash : ReassemblyEffects.None);
            if (Fragments(packet) != Fragments(_first))
                return Drop();
            var hasBuffer = _first.Length > (Type(_first) == 2 ? 12 : 8);
            return hasBuffer ? Add(packet) : Drop(LosePartial() | ReassemblyEffects.WouldCrash);
        }

        var effect = LosePartial();
        _errorPointer = Type(packet) == 2 && (packet.Length < 12 || !ExpectedReplies.Contains(Sequence(packet)));
        return _errorPointer ? Drop(effect) : Begin(packet, effect);
    }

    private (ReassemblyResult, ReassemblyEffects) BeginOrRefuse(byte[] packet, ReassemblyEffects effect)
    {
        if (Type(packet) == 2 && (packet.Length < 12 || Fragments(packet) == 63))
            return (ReassemblyResult.Failed, effect);
        return Fragments(packet) == 63 ? Drop(effect) : Begin(packet, effect);
    }

    private (ReassemblyResult, ReassemblyEffects) AddOrAbort(byte[] packet)
    {
        if (SameId(packet, _first!) && Fragments(packet) == Fragments(_first!))
            return Add(packet);
        Forget();
        return (ReassemblyResult.Aborted, ReassemblyEffects.PartialAborted);
    }

    private (ReassemblyResult, ReassemblyEffects) Begin(byte[] packet, ReassemblyEffects effect)
    {
        Forget();
        _first = packet;
        var (result, _) = Add(packet);
        return (result, effect);
    }

    private (ReassemblyResult, ReassemblyEffects) Add(byte[] packet)
    {
        _parts.Add(packet[8..]);
        if (_parts.Count <= Fragments(_first!))
            return (ReassemblyResult.Incomplete, ReassemblyEffects.None);
        Message = _parts.SelectMany(part => part).ToArray();
        Forget();
        return (ReassemblyResult.Complete, ReassemblyEffects.None);
    }

    private ReassemblyEffects LosePartial()
    {
        var effect = HasPartial ? ReassemblyEffects.PartialLost : ReassemblyEffects.None;
        Forget();
        return effect;
    }

    private void Forget()
    {
        _first = null;
        _parts.Clear();
    }
}
