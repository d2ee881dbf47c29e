using System.Globalization;
using RmStack.Protocol;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>Puts the packets of any number of links together to messages and reads them, each direction by the rules of its receiver.</summary>
/// <param name="client">How the VM's side takes packets.</param>
/// <param name="output">Gets messages, refused packets and messages that never became whole, in the order in which that is known.</param>
internal sealed class ConversationDecoder(ReassemblyRules client, IDecodeOutput output)
{
    /// <summary>More links than any file has; packets of further ones are refused, so that a file cannot use up memory with names.</summary>
    private const int MaxFlows = 1024;

    private readonly Dictionary<(string LinkKey, CaptureDirection Direction), Flow> _flows = [];
    private readonly Dictionary<string, CaptureDirection> _lastDirection = new(StringComparer.Ordinal);

    /// <summary>Packets so far.</summary>
    public int Packets { get; private set; }

    /// <summary>Whole messages so far, read or refused.</summary>
    public int Messages { get; private set; }

    /// <summary>Packets refused, payloads refused, messages that never became whole, places that could not be read.</summary>
    public int Refused { get; private set; }

    /// <summary>Takes all packets of an input.</summary>
    public void Run(IPacketSource source)
    {
        while (source.TryRead(out var packet, out var problem))
        {
            if (problem is not null)
            {
                Refused++;
                output.Problem(problem);
            }

            if (packet is not null)
                Take(packet);
        }

        foreach (var flow in _flows.Values.Where(flow => flow.Open.Count > 0))
            Lost(flow, flow.Open[^1], "the input ends in the middle of it", null);
    }

    /// <summary>Takes one packet.</summary>
    public void Take(SourcePacket packet)
    {
        Packets++;
        var direction = DirectionOf(packet);
        if (!_flows.TryGetValue((packet.LinkKey, direction), out var flow))
        {
            if (_flows.Count == MaxFlows)
            {
                Drop(new DecodedDrop { Packet = packet, Reason = "more links than rmstack decode keeps apart" });
                return;
            }

            flow = new Flow(direction == CaptureDirection.ToRm ? ReassemblyRules.ResourceManager : client);
            _flows.Add((packet.LinkKey, direction), flow);
        }

        if (packet.CutFrom is { } whole)
        {
            Drop(new DecodedDrop { Packet = packet, Reason = string.Create(CultureInfo.InvariantCulture, $"the capture holds {packet.Data.Length} of its {whole} bytes") });
            return;
        }

        var before = flow.Reassembler.Header;
        var outcome = flow.Reassembler.Accept(packet.Data);
        if (outcome.PartialGone)
            Lost(flow, packet, "another message began, or a wrong packet ended it", before);
        if (outcome.Result is ReassemblyResult.Incomplete or ReassemblyResult.Complete)
            flow.Open.Add(packet);
        else
            Drop(Refusal(packet, outcome));
        if (outcome.Result != ReassemblyResult.Complete)
            return;
        Messages++;
        var message = Read(flow, direction);
        flow.Open = [];
        if (message.Status != DecodeStatus.Ok)
            Refused++;
        output.Message(message);
    }

    private static DecodedDrop Refusal(SourcePacket packet, ReassemblyOutcome outcome) => new()
    {
        Packet = packet,
        Reason = outcome.Reason.Describe(),
        Position = outcome.Reason switch
        {
            DropReason.TooShort => packet.Data.Length,
            DropReason.TooLong => RpcLimits.PacketSize,
            DropReason.BadVersion or DropReason.BadHeaderWords => 0,
            DropReason.BadFragmentCount or DropReason.UnexpectedType => 1,
            DropReason.ShortReply => packet.Data.Length,
            _ => null,
        },
        Effect = (outcome.Effects & (ReassemblyEffects.WouldCrash | ReassemblyEffects.StopsReceiving)) switch
        {
            ReassemblyEffects.None => null,
            ReassemblyEffects.StopsReceiving => "this receiver leaves the packets behind it in the queue until the next interrupt",
            _ => "the real receiver would crash here",
        },
    };

    private void Drop(DecodedDrop drop)
    {
        Refused++;
        output.Drop(drop);
    }

    private void Lost(Flow flow, SourcePacket by, string why, RpcHeader? header)
    {
        if (flow.Open.Count == 0)
            return;
        Refused++;
        output.Incomplete(header ?? flow.Reassembler.Header, flow.Open, by, why);
        flow.Open = [];
    }

    private CaptureDirection DirectionOf(SourcePacket packet)
    {
        var direction = packet.Direction;
        if (direction == CaptureDirection.Unknown)
        {
            // Only a VM sends requests and only the RM replies and notifies; a continuation goes where the packet before it went.
            direction = packet.Data.Length < 2 ? CaptureDirection.Unknown : (RpcMessageType)(packet.Data[1] & 3) switch
            {
                RpcMessageType.Request => CaptureDirection.ToRm,
                RpcMessageType.Continuation => CaptureDirection.Unknown,
                _ => CaptureDirection.FromRm,
            };
            if (direction == CaptureDirection.Unknown)
                direction = _lastDirection.GetValueOrDefault(packet.LinkKey, CaptureDirection.ToRm);
        }

        if (_lastDirection.Count < MaxFlows || _lastDirection.ContainsKey(packet.LinkKey))
            _lastDirection[packet.LinkKey] = direction;
        return direction;
    }

    private static DecodedMessage Read(Flow flow, CaptureDirection direction)
    {
        var message = new DecodedMessage
        {
            Header = flow.Reassembler.Header,
            Packets = flow.Open,
            Direction = direction,
            Content = flow.Reassembler.Content.ToArray(),
        };
        if (message.Header.Type == RpcMessageType.Reply)
        {
            var status = RpcReply.TryParse(message.Content, out var reply);
            if (status != DecodeStatus.Ok)
                return message with { Status = status, Position = message.Content.Length };
            message = message with { Error = reply.Error, PayloadStart = RpcLimits.ErrorSize };
        }

        var fields = new FieldRecorder();
        var layout = MessageCatalogue.LayoutOf(message.Header.Id, message.Header.Type, message.Error ?? RmError.Ok);
        var verdict = layout.Describe(message.Content.AsSpan(message.PayloadStart), fields, out var position);
        return message with { Status = verdict, Position = position, Fields = fields.Fields };
    }

    /// <summary>Packets of one link in one direction.</summary>
    private sealed class Flow(ReassemblyRules rules)
    {
        public Reassembler Reassembler { get; } = new(rules);

        public List<SourcePacket> Open { get; set; } = [];
    }
}
