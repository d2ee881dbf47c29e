namespace RmStack.Protocol.Tests.Framing;

/// <summary>One test per rule of a receiver, in the words of the rule.</summary>
public sealed class ReassemblyRuleTests
{
    private static readonly byte[] FirstOfTwo = Hex.Bytes("21 05 07 00 17 00 00 56 aa");
    private static readonly byte[] SecondOfTwo = Hex.Bytes("21 04 07 00 17 00 00 56 bb cc");
    private static readonly byte[] ReplyFirstOfTwo = Hex.Bytes("21 06 07 00 17 00 00 56 00 00 00 00 aa");
    private static readonly byte[] NotificationFirstOfTwo = Hex.Bytes("21 07 07 00 80 00 10 56 aa");
    private static readonly byte[] NotificationSecondOfTwo = Hex.Bytes("21 04 07 00 80 00 10 56 bb");
    private static readonly byte[] WholeNotification = Hex.Bytes("21 03 01 00 08 00 10 56 80 00 00 00 01 00 00 00");

    private readonly struct NoReply : IReplyFilter
    {
        public bool IsExpected(in RpcHeader reply) => false;
    }

    private readonly struct OnlySequence9 : IReplyFilter
    {
        public bool IsExpected(in RpcHeader reply) => reply.SequenceId == 9;
    }

    public static TheoryData<string> All => [.. ReassemblyRules.All.Select(rules => rules.Name)];

    public static TheoryData<string> LaterLinux => ["Linux v10", "Linux v12", "Linux v17"];

    [Fact]
    public void RM_drops_a_packet_shorter_than_a_header_silently() => Kept(ReassemblyRules.ResourceManager, FirstOfTwo, Hex.Bytes("21 01 07 00 17 00 00"), DropReason.TooShort);

    [Theory]
    [InlineData("20 01 07 00 17 00 00 56", DropReason.BadVersion)]
    [InlineData("22 01 07 00 17 00 00 56", DropReason.BadVersion)]
    [InlineData("11 01 07 00 17 00 00 56", DropReason.BadHeaderWords)]
    [InlineData("31 01 07 00 17 00 00 56", DropReason.BadHeaderWords)]
    [InlineData("21 fd 07 00 17 00 00 56", DropReason.BadFragmentCount)]
    [InlineData("21 fc 07 00 17 00 00 56", DropReason.BadFragmentCount)]
    public void RM_drops_bad_headers_and_63_fragments_and_keeps_the_partial(string packet, DropReason reason) =>
        Kept(ReassemblyRules.ResourceManager, FirstOfTwo, Hex.Bytes(packet), reason);

    [Theory]
    [InlineData("21 01 08 00 24 00 00 56")]
    [InlineData("21 02 08 00 24 00 00 56")]
    [InlineData("21 03 08 00 24 00 00 56")]
    public void RM_discards_the_partial_when_any_first_packet_arrives(string packet)
    {
        var reassembler = Started(ReassemblyRules.ResourceManager, FirstOfTwo);
        var outcome = reassembler.Accept(Hex.Bytes(packet));
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Complete, DropReason.None, ReassemblyEffects.PartialDiscarded), outcome);
        Assert.True(outcome.PartialGone);
        Assert.Equal(new MessageId(0x56000017), reassembler.DisplacedHeader.Id);
        Assert.Equal(1, reassembler.MessagesGone);
        Assert.Equal(DropReason.StrayContinuation, reassembler.Accept(SecondOfTwo).Reason);
    }

    [Theory]
    [InlineData("21 04 08 00 17 00 00 56 bb")]
    [InlineData("21 04 07 00 18 00 00 56 bb")]
    [InlineData("21 08 07 00 17 00 00 56 bb")]
    public void RM_drops_a_foreign_continuation_and_still_takes_the_right_one(string packet)
    {
        var reassembler = Kept(ReassemblyRules.ResourceManager, FirstOfTwo, Hex.Bytes(packet), DropReason.ContinuationMismatch);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(SecondOfTwo).Result);
        Assert.Equal("aabbcc", Hex.Text(reassembler.Content));
    }

    [Fact]
    public void RM_drops_a_continuation_with_nothing_open()
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Dropped, DropReason.StrayContinuation, ReassemblyEffects.None), reassembler.Accept(SecondOfTwo));
    }

    [Fact]
    public void RM_takes_replies_and_notifications_as_whole_messages()
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(WholeNotification).Result);
        Assert.Equal(RpcMessageType.Notification, reassembler.Header.Type);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Hex.Bytes("21 02 08 00 24 00 00 56")).Result);
        Assert.Equal(RpcMessageType.Reply, reassembler.Header.Type);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Short_and_empty_packets_are_joined_as_they_are(string receiver)
    {
        var reassembler = new Reassembler(Rules(receiver));
        Assert.Equal(ReassemblyResult.Incomplete, reassembler.Accept(Hex.Bytes("21 0b 07 00 80 00 10 56 01")).Result);
        Assert.Equal(ReassemblyResult.Incomplete, reassembler.Accept(Hex.Bytes("21 08 07 00 80 00 10 56 02 03")).Result);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Hex.Bytes("21 08 07 00 80 00 10 56 04")).Result);
        Assert.Equal("01020304", Hex.Text(reassembler.Content));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sixty_three_packets_are_a_message(string receiver)
    {
        var content = FragmenterTests.Pattern(RpcLimits.MaxContent);
        var reassembler = new Reassembler(Rules(receiver));
        foreach (var packet in FragmenterTests.Cut(RpcMessageType.Notification, 0, MessageId.MemShared, content))
            reassembler.Accept(packet);
        Assert.Equal(content, reassembler.Content.ToArray());
    }

    [Theory]
    [InlineData("Linux v5", true)]
    [InlineData("Linux v10", true)]
    [InlineData("Linux v12", false)]
    [InlineData("Linux v17", false)]
    public void Old_Linux_loses_a_packet_of_exactly_eight_bytes(string receiver, bool lost)
    {
        var reassembler = new Reassembler(Rules(receiver));
        var outcome = reassembler.Accept(Hex.Bytes("21 03 01 00 08 00 10 56"));
        Assert.Equal(lost ? ReassemblyResult.Dropped : ReassemblyResult.Complete, outcome.Result);
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyResult.Complete, ReassemblyEffects.None)]
    [InlineData("Linux v10", ReassemblyResult.Dropped, ReassemblyEffects.None)]
    [InlineData("Linux v12", ReassemblyResult.Dropped, ReassemblyEffects.None)]
    [InlineData("Linux v17", ReassemblyResult.Dropped, ReassemblyEffects.StopsReceiving)]
    public void A_bad_byte_0_is_not_seen_by_v5_dropped_by_later_ones_and_stalls_v17(string receiver, ReassemblyResult result, ReassemblyEffects effects)
    {
        var packet = WholeNotification.ToArray();
        packet[0] = 0x22;
        var outcome = new Reassembler(Rules(receiver)).Accept(packet);
        Assert.Equal((result, effects), (outcome.Result, outcome.Effects));
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyEffects.None)]
    [InlineData("Linux v10", ReassemblyEffects.None)]
    [InlineData("Linux v12", ReassemblyEffects.None)]
    [InlineData("Linux v17", ReassemblyEffects.StopsReceiving)]
    public void Linux_drops_requests(string receiver, ReassemblyEffects effects)
    {
        var reassembler = Kept(Rules(receiver), NotificationFirstOfTwo, FirstOfTwo, DropReason.UnexpectedType, effects);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(NotificationSecondOfTwo).Result);
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyResult.Incomplete)]
    [InlineData("Linux v10", ReassemblyResult.Dropped)]
    [InlineData("Linux v12", ReassemblyResult.Dropped)]
    [InlineData("Linux v17", ReassemblyResult.Dropped)]
    public void A_notification_of_64_packets_is_refused_by_all_but_v5(string receiver, ReassemblyResult result) =>
        Assert.Equal(result, new Reassembler(Rules(receiver)).Accept(Hex.Bytes("21 ff 01 00 08 00 10 56 80")).Result);

    [Theory]
    [MemberData(nameof(LaterLinux))]
    public void A_reply_of_64_packets_fails_its_caller(string receiver)
    {
        var reassembler = new Reassembler(Rules(receiver));
        Assert.Equal(
            new ReassemblyOutcome(ReassemblyResult.Failed, DropReason.BadFragmentCount, ReassemblyEffects.None),
            reassembler.Accept(Hex.Bytes("21 fe 09 00 17 00 00 56 00 00 00 00")));
        Assert.Equal(9, reassembler.Header.SequenceId);
    }

    [Fact]
    public void V5_has_room_for_64_packets()
    {
        var reassembler = new Reassembler(ReassemblyRules.LinuxV5);
        var first = new byte[RpcLimits.PacketSize];
        new RpcHeader(RpcMessageType.Notification, 63, 0, MessageId.MemShared).Write(first);
        var next = first.ToArray();
        new RpcHeader(RpcMessageType.Continuation, 63, 0, MessageId.MemShared).Write(next);
        reassembler.Accept(first);
        for (var i = 1; i < 63; i++)
            Assert.Equal(ReassemblyResult.Incomplete, reassembler.Accept(next).Result);
        next.CopyTo(reassembler.ReceiveWindow);
        Assert.Equal(ReassemblyResult.Complete, reassembler.AcceptReceived(next.Length).Result);
        Assert.Equal(64 * RpcLimits.ContentPerPacket, reassembler.Content.Length);
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyResult.Dropped, ReassemblyEffects.WouldCrash)]
    [InlineData("Linux v10", ReassemblyResult.Failed, ReassemblyEffects.None)]
    [InlineData("Linux v12", ReassemblyResult.Failed, ReassemblyEffects.None)]
    [InlineData("Linux v17", ReassemblyResult.Failed, ReassemblyEffects.None)]
    [InlineData("downstream", ReassemblyResult.Dropped, ReassemblyEffects.None)]
    public void A_reply_without_a_whole_error_word(string receiver, ReassemblyResult result, ReassemblyEffects effects) => Assert.Equal(
        new ReassemblyOutcome(result, DropReason.ShortReply, effects),
        new Reassembler(Rules(receiver)).Accept(Hex.Bytes("21 02 09 00 17 00 00 56 00 00 00")));

    [Theory]
    [InlineData("Linux v5", ReassemblyEffects.PartialLost)]
    [InlineData("Linux v10", ReassemblyEffects.PartialLost)]
    [InlineData("Linux v12", ReassemblyEffects.None)]
    [InlineData("Linux v17", ReassemblyEffects.None)]
    [InlineData("downstream", ReassemblyEffects.PartialLost)]
    public void A_reply_nobody_waits_for(string receiver, ReassemblyEffects effects)
    {
        var reassembler = Started(Rules(receiver), NotificationFirstOfTwo);
        var outcome = reassembler.Accept(Hex.Bytes("21 02 63 00 17 00 00 56 00 00 00 00"), default(NoReply));
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Dropped, DropReason.UnknownReply, effects), outcome);
        Assert.Equal(effects == ReassemblyEffects.None, reassembler.HasPartial);
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyEffects.PartialAborted)]
    [InlineData("Linux v10", ReassemblyEffects.PartialLost)]
    [InlineData("Linux v12", ReassemblyEffects.PartialAborted)]
    [InlineData("Linux v17", ReassemblyEffects.PartialAborted)]
    [InlineData("downstream", ReassemblyEffects.PartialLost)]
    public void A_new_message_while_a_reply_is_partial(string receiver, ReassemblyEffects effects)
    {
        var reassembler = Started(Rules(receiver), ReplyFirstOfTwo);
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Complete, DropReason.None, effects), reassembler.Accept(WholeNotification));
        Assert.Equal((RpcMessageType.Reply, (ushort)7), (reassembler.DisplacedHeader.Type, reassembler.DisplacedHeader.SequenceId));
    }

    [Theory]
    [InlineData("Linux v5", ReassemblyEffects.None)]
    [InlineData("Linux v10", ReassemblyEffects.WouldCrash)]
    [InlineData("Linux v12", ReassemblyEffects.None)]
    [InlineData("Linux v17", ReassemblyEffects.None)]
    [InlineData("downstream", ReassemblyEffects.None)]
    public void A_continuation_with_nothing_partial(string receiver, ReassemblyEffects effects) => Assert.Equal(
        new ReassemblyOutcome(ReassemblyResult.Dropped, DropReason.StrayContinuation, effects),
        new Reassembler(Rules(receiver)).Accept(SecondOfTwo));

    [Theory]
    [InlineData("21 04 07 00 18 00 00 56 bb cc")]
    [InlineData("21 08 07 00 17 00 00 56 bb cc")]
    public void V5_appends_a_foreign_continuation(string packet)
    {
        var reassembler = Started(ReassemblyRules.LinuxV5, ReplyFirstOfTwo);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Hex.Bytes(packet)).Result);
        Assert.Equal("00000000aabbcc", Hex.Text(reassembler.Content));
    }

    [Theory]
    [MemberData(nameof(LaterLinux))]
    public void Later_Linux_gives_a_message_up_at_a_foreign_continuation(string receiver)
    {
        foreach (var packet in new[] { "21 04 07 00 18 00 00 56 bb", "21 08 07 00 17 00 00 56 bb" })
        {
            var reassembler = Started(Rules(receiver), ReplyFirstOfTwo);
            Assert.Equal(
                new ReassemblyOutcome(ReassemblyResult.Aborted, DropReason.ContinuationMismatch, ReassemblyEffects.PartialAborted),
                reassembler.Accept(Hex.Bytes(packet)));
            Assert.False(reassembler.HasPartial);
            Assert.Equal(7, reassembler.DisplacedHeader.SequenceId);
        }
    }

    [Theory]
    [InlineData("Linux v5")]
    [InlineData("Linux v10")]
    [InlineData("Linux v12")]
    [InlineData("Linux v17")]
    public void Linux_never_checks_a_continuations_sequence_id(string receiver)
    {
        var reassembler = Started(Rules(receiver), ReplyFirstOfTwo);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Hex.Bytes("21 04 63 00 17 00 00 56 bb")).Result);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_packet_above_240_bytes_is_dropped(string receiver)
    {
        var packet = new byte[241];
        WholeNotification.CopyTo(packet, 0);
        Assert.Equal(DropReason.TooLong, new Reassembler(Rules(receiver)).Accept(packet).Reason);
    }

    [Fact]
    public void Content_is_gone_once_the_next_packet_comes_in()
    {
        var reassembler = new Reassembler(ReassemblyRules.LinuxV17);
        reassembler.Accept(WholeNotification);
        Assert.Equal(8, reassembler.Content.Length);
        reassembler.Accept([]);
        Assert.True(reassembler.Content.IsEmpty);
        Assert.Equal(1, reassembler.Drops(DropReason.TooShort));
    }

    [Fact]
    public void A_window_closed_unused_leaves_the_partial_alone()
    {
        var reassembler = Started(ReassemblyRules.ResourceManager, FirstOfTwo);
        reassembler.ReceiveWindow.Span.Fill(0xEE);
        reassembler.CloseWindow();
        reassembler.Accept(SecondOfTwo);
        Assert.Equal("aabbcc", Hex.Text(reassembler.Content));
    }

    [Fact]
    public void Reset_forgets_the_partial_and_counts_it()
    {
        var reassembler = Started(ReassemblyRules.ResourceManager, FirstOfTwo);
        reassembler.Reset();
        Assert.False(reassembler.HasPartial);
        Assert.Equal(1, reassembler.MessagesGone);
        Assert.Equal(DropReason.StrayContinuation, reassembler.Accept(SecondOfTwo).Reason);
    }

    [Theory]
    [InlineData("21 02 09 00 17 00 00 56 00 00 00", DropReason.ShortReply)]
    [InlineData("21 02 63 00 17 00 00 56 00 00 00 00", DropReason.UnknownReply)]
    public void Downstream_crashes_at_the_continuation_after_a_refused_reply(string packet, DropReason reason)
    {
        var reassembler = Started(ReassemblyRules.Downstream, NotificationFirstOfTwo);
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Dropped, reason, ReassemblyEffects.PartialLost), reassembler.Accept(Hex.Bytes(packet), default(OnlySequence9)));
        var crash = new ReassemblyOutcome(ReassemblyResult.Dropped, DropReason.StrayContinuation, ReassemblyEffects.WouldCrash);
        Assert.Equal(crash, reassembler.Accept(NotificationSecondOfTwo));
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(WholeNotification).Result);
        Assert.Equal(ReassemblyEffects.None, reassembler.Accept(NotificationSecondOfTwo).Effects);
    }

    [Fact]
    public void Downstream_has_no_buffer_for_a_reply_that_begins_empty()
    {
        var reassembler = Started(ReassemblyRules.Downstream, Hex.Bytes("21 06 07 00 17 00 00 56 00 00 00 00"));
        Assert.Equal(
            new ReassemblyOutcome(ReassemblyResult.Dropped, DropReason.NoBuffer, ReassemblyEffects.PartialLost | ReassemblyEffects.WouldCrash),
            reassembler.Accept(SecondOfTwo));
    }

    [Fact]
    public void Downstream_joins_a_continuation_of_another_id_and_drops_one_of_another_count()
    {
        var reassembler = Kept(ReassemblyRules.Downstream, ReplyFirstOfTwo, Hex.Bytes("21 08 07 00 17 00 00 56 bb"), DropReason.ContinuationMismatch);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Hex.Bytes("21 04 09 00 18 00 00 56 bb")).Result);
        Assert.Equal("00000000aabb", Hex.Text(reassembler.Content));
    }

    /// <summary>Found in review: no header at all was told by the value 0, which a peer can send.</summary>
    [Theory]
    [InlineData("00 00 00 00 00 00 00 00 81 00 00 00")]
    [InlineData("ff ff ff ff ff ff ff ff 81 00 00 00")]
    public void A_uniform_packet_is_never_what_belongs_next(string packet)
    {
        foreach (var rules in ReassemblyRules.All)
        {
            foreach (var before in new[] { null, WholeNotification, Hex.Bytes("21 06 07 00 17 00 00 56 00 00 00 00") })
            {
                // v5 joins anything to what it has begun.
                if (before is [0x21, 0x06, ..] && rules.Mismatch == MismatchRule.Append)
                    continue;
                var (copying, inPlace) = (new Reassembler(rules), new Reassembler(rules));
                if (before is not null)
                {
                    copying.Accept(before);
                    inPlace.Accept(before);
                }

                for (var i = 0; i < 70; i++)
                {
                    Assert.False(copying.Accept(Hex.Bytes(packet)).Result is ReassemblyResult.Complete or ReassemblyResult.Failed, rules.Name);
                    Hex.Bytes(packet).CopyTo(inPlace.ReceiveWindow);
                    inPlace.AcceptReceived(Hex.Bytes(packet).Length);
                }

                Assert.Equal(before is [0x21, 0x03, ..] ? 1 : 0, copying.Messages);
                Assert.Equal(copying.Messages, inPlace.Messages);
            }
        }
    }

    [Fact]
    public void Every_receiver_is_found_by_its_name_and_every_reason_has_a_text_of_its_own()
    {
        foreach (var rules in ReassemblyRules.All)
            Assert.Same(rules, ReassemblyRules.Find(rules.Name.ToUpperInvariant()));
        Assert.Null(ReassemblyRules.Find("Linux v1"));
        var texts = Enum.GetValues<DropReason>().Select(reason => reason.Describe()).ToArray();
        Assert.Equal(texts.Length, texts.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(texts, text => text.StartsWith("reason ", StringComparison.Ordinal));
        var statuses = Enum.GetValues<DecodeStatus>().Select(status => status.Describe()).ToArray();
        Assert.Equal(statuses.Length, statuses.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(statuses, text => text.StartsWith("status ", StringComparison.Ordinal));
    }

    private static ReassemblyRules Rules(string receiver) => ReassemblyRules.Find(receiver)!;

    private static Reassembler Started(ReassemblyRules rules, byte[] first)
    {
        var reassembler = new Reassembler(rules);
        Assert.Equal(ReassemblyResult.Incomplete, reassembler.Accept(first).Result);
        return reassembler;
    }

    private static Reassembler Kept(ReassemblyRules rules, byte[] first, byte[] bad, DropReason reason, ReassemblyEffects effects = ReassemblyEffects.None)
    {
        var reassembler = Started(rules, first);
        Assert.Equal(new ReassemblyOutcome(ReassemblyResult.Dropped, reason, effects), reassembler.Accept(bad));
        Assert.True(reassembler.HasPartial);
        Assert.Equal(1, reassembler.Drops(reason));
        return reassembler;
    }
}
