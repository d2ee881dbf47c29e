using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec.Tests;
using RmStack.Testing;
using RmStack.Transport.Rpc;
using RmStack.Transport.Tests.Rpc.Requests;

namespace RmStack.Transport.Tests.Rpc;

public sealed class RpcDispatcherTests
{
    [Fact]
    public void Every_request_of_the_catalogue_reaches_a_typed_handler_from_its_typed_method()
    {
        var handlers = new TypedHandlers(id => TypedCalls.All.First(call => call.Id == id).Reply?.Payload ?? [7]);
        Assert.Equal(
            MessageCatalogue.All.Where(row => row.Reply is not null).Select(row => row.Id.Value).Order(),
            handlers.Messages.Select(id => id.Value).Order());
        var dispatcher = RpcDispatcher.ByVmid().Add(handlers.Group(_ => true));
        var pair = new RpcPair(dispatcher, new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent });
        pair.Run(async () =>
        {
            foreach (var call in TypedCalls.All)
            {
                handlers.Asked!.Clear();
                var (result, fields) = await call.RunAsync(pair.Client);
                Assert.Equal(RpcCallStatus.Ok, result.Status);
                Assert.Equal((RpcPair.Vmid, call.Id, Told(call.Id, RpcMessageType.Request, call.Request.Payload)), handlers.Asked.Single());
                Assert.Equal(Told(call.Id, RpcMessageType.Reply, call.Reply?.Payload ?? [7]), FieldValues.From(fields).ToString());
            }
        });
        Assert.Equal((0, 0), (dispatcher.Malformed, dispatcher.Unimplemented));
    }

    [Fact]
    public void Requests_without_a_payload_are_answered_as_the_real_12_2023_RM_was_seen_to()
    {
        var samples = Sample.All.Values.Where(sample => sample.Name.StartsWith("real-empty-payloads-", StringComparison.Ordinal)).OrderBy(sample => sample.Name, StringComparer.Ordinal).ToArray();
        var replies = new Queue<byte[]>();
        var handlers = new TypedHandlers(_ => replies.Dequeue());
        var group = handlers.Group(id => MessageCatalogue.Find(id)!.Rm == RmSupport.Both && id != MessageId.VmSetStatus)
            .Add<VmSetStatus, EmptyPayload>(MessageId.VmSetStatus, static (_, scoped in _, ref _) => throw new InvalidOperationException("was asked"), static _ => RmError.Denied);
        var dispatcher = new RpcDispatcher<ushort>(static (vmid, out caller) => (caller = vmid) != 0) { SendsErrorDetail = true }.Add(group);
        var pair = new RpcPair(dispatcher);
        pair.Run(async () =>
        {
            Assert.Equal(0, samples.Length % 2);
            foreach (var (request, reply) in samples.Chunk(2).Select(two => (two[0], two[1])))
            {
                Assert.Equal((request.Id, true), (reply.Id, reply.IsReply));
                replies.Clear();
                if (reply.Error == 0)
                    replies.Enqueue(reply.Payload);
                using var result = await pair.Client.CallAsync(new MessageId(request.Id), request.Payload);
                Assert.Equal((reply.Name, (RmError)reply.Error!), (reply.Name, result.Error));
                Assert.Contains(Convert.ToHexString(reply.Content), LastPacket(pair), StringComparison.Ordinal);
                Assert.Empty(replies);
            }
        });
        Assert.True(samples.Length >= 80);
        Assert.True(dispatcher.Malformed > 20);
        Assert.True(dispatcher.Unimplemented > 10);
    }

    [Theory]
    [InlineData("lend-513-entries", RmError.NoResource)]
    [InlineData("lend-left-over", RmError.MsgInvalid)]
    [InlineData("lookup-80", RmError.ArgumentInvalid)]
    [InlineData("lookup-padding", RmError.MsgInvalid)]
    [InlineData("init-reserved", RmError.MsgInvalid)]
    [InlineData("too-long-vm-start", RmError.MsgInvalid)]
    [InlineData("too-short-vm-start", RmError.MsgInvalid)]
    public void What_a_view_refuses_is_answered_as_the_RM_does_and_no_handler_sees_it(string name, RmError expected)
    {
        var sample = Sample.All[name];
        var handlers = new TypedHandlers(static _ => []);
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(handlers.Group(_ => true)));
        pair.Run(async () =>
        {
            using var result = await pair.Client.CallAsync(new MessageId(sample.Id), sample.Payload);
            Assert.Equal(expected, result.Error);
        });
        Assert.Empty(handlers.Asked!);
    }

    [Fact]
    public void Unknown_ids_and_callers_are_answered_UNIMPLEMENTED_and_nothing_else_happens()
    {
        var dispatcher = new RpcDispatcher<string>(static (vmid, out name) =>
        {
            name = "VM " + vmid;
            return vmid != RpcPair.Vmid;
        }).Add(new RpcHandlerGroup<string>().Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => throw new InvalidOperationException("was asked")));
        var pair = new RpcPair(dispatcher);
        pair.Run(async () =>
        {
            Assert.Equal(RmError.Unimplemented, (await pair.Client.VmStartAsync(0x80)).Error);
            Assert.Equal(RmError.Unimplemented, (await pair.Client.VmStopAsync(0x80, VmStopFlags.None, StopReason.Crash)).Error);
        });
        Assert.Equal(2, dispatcher.Unimplemented);
        Assert.Equal([MessageId.VmStart], dispatcher.Messages);
    }

    [Fact]
    public void A_guard_is_asked_before_the_bytes_are_looked_at()
    {
        var group = new RpcHandlerGroup<ushort>()
            .Add<VmAllocate, VmAllocateReply>(MessageId.VmAllocate, static (_, scoped in _, ref reply) =>
            {
                reply.Write(0x80);
                return RmError.Ok;
            }, static caller => caller == Vmids.Hlos ? RmError.Ok : RmError.Denied);
        foreach (var (vmid, good, bad) in new[] { (Vmids.Hlos, RmError.Ok, RmError.MsgInvalid), ((ushort)0x80, RmError.Denied, RmError.Denied) })
        {
            var pair = new RpcPair(new RpcDispatcher<ushort>((_, out caller) => (caller = vmid) != 0).Add(group));
            pair.Run(async () =>
            {
                using var allocated = await pair.Client.VmAllocateAsync(0);
                Assert.Equal(good, allocated.Error);
                Assert.Equal(bad, (await pair.Client.CallAsync(MessageId.VmAllocate, new byte[3])).Error);
            });
        }
    }

    [Fact]
    public void A_raw_handler_judges_the_bytes_itself()
    {
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(new RpcHandlerGroup<ushort>().AddRaw<EmptyPayload>(
            MessageId.VmExit,
            static (_, payload, ref _) => payload.Length == 3 ? RmError.Busy : RmError.MsgInvalid)));
        pair.Run(async () =>
        {
            Assert.Equal(RmError.Busy, (await pair.Client.CallAsync(MessageId.VmExit, new byte[3])).Error);
            Assert.Equal(RmError.MsgInvalid, (await pair.Client.VmExitAsync(VmExitFlags.None, 0)).Error);
        });
    }

    [Fact]
    public void Groups_are_asked_in_their_order_and_a_handler_that_nobody_could_reach_is_refused()
    {
        var platform = new RpcHandlerGroup<ushort>(static caller => caller == 0).Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Denied);
        var some = new RpcHandlerGroup<ushort>(static caller => caller > 100).Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Busy);
        var all = new RpcHandlerGroup<ushort>()
            .Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Ok)
            .Add<VmInit, EmptyPayload>(MessageId.VmInit, static (_, scoped in _, ref _) => RmError.Ok);
        ushort who = 0;
        var dispatcher = new RpcDispatcher<ushort>((_, out caller) => (caller = who) < 1000).Add(platform).Add(some).Add(all);
        Assert.Equal([MessageId.VmStart, MessageId.VmInit], dispatcher.Messages);
        var late = new RpcHandlerGroup<ushort>(static _ => true)
            .Add<VmReset, EmptyPayload>(MessageId.VmReset, static (_, scoped in _, ref _) => RmError.Ok)
            .Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Ok);
        var mistake = Assert.Throws<ArgumentException>(() => dispatcher.Add(late));
        Assert.StartsWith("VM_START has a handler already.", mistake.Message, StringComparison.Ordinal);
        Assert.Equal([MessageId.VmStart, MessageId.VmInit], dispatcher.Messages);
        var pair = new RpcPair(dispatcher);
        pair.Run(async () =>
        {
            Assert.Equal(RmError.Denied, (await pair.Client.VmStartAsync(1)).Error);
            Assert.Equal(RmError.Ok, (await pair.Client.VmInitAsync(1)).Error);
            who = 101;
            Assert.Equal(RmError.Busy, (await pair.Client.VmStartAsync(1)).Error);
            who = 3;
            Assert.Equal(RmError.Ok, (await pair.Client.VmStartAsync(1)).Error);
            who = 1000;
            Assert.Equal(RmError.Unimplemented, (await pair.Client.VmStartAsync(1)).Error);
        });
    }

    [Fact]
    public void A_message_that_only_some_callers_may_send_is_unknown_to_the_others()
    {
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(
            new RpcHandlerGroup<ushort>(static caller => caller == 0).Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Denied)));
        pair.Run(async () => Assert.Equal(RmError.Unimplemented, (await pair.Client.VmStartAsync(1)).Error));
    }

    [Fact]
    public void Views_that_are_not_the_messages_and_second_handlers_are_refused()
    {
        var group = new RpcHandlerGroup<ushort>().Add<VmStart, EmptyPayload>(MessageId.VmStart, static (_, scoped in _, ref _) => RmError.Ok);
        Assert.StartsWith("VM_START has a handler already.", Assert.Throws<ArgumentException>(() => group.AddRaw<EmptyPayload>(MessageId.VmStart, static (_, _, ref _) => RmError.Ok)).Message, StringComparison.Ordinal);
        Assert.StartsWith("VM_INIT is read as VmInit, not as VmStart.", Assert.Throws<ArgumentException>(() => group.Add<VmStart, EmptyPayload>(MessageId.VmInit, static (_, scoped in _, ref _) => RmError.Ok)).Message, StringComparison.Ordinal);
        Assert.StartsWith("VM_GET_VMID is read as VmidReply, not as EmptyPayload.", Assert.Throws<ArgumentException>(() => group.Add<EmptyPayload, EmptyPayload>(MessageId.VmGetVmid, static (_, scoped in _, ref _) => RmError.Ok)).Message, StringComparison.Ordinal);
        Assert.Equal([MessageId.VmStart], group.Messages);
    }

    [Theory]
    [InlineData(true, true, "0D0000001E000000")]
    [InlineData(true, false, "0D00000001000000")]
    [InlineData(false, true, "0D000000")]
    public void An_error_reply_has_the_older_RMs_word_only_where_that_RM_has_one(bool sends, bool gives, string expected)
    {
        var group = new RpcHandlerGroup<ushort>()
            .Add<VmSetTimeBase, EmptyPayload>(MessageId.VmSetTimeBase, (_, scoped in _, ref reply) =>
            {
                if (gives)
                    reply.SetErrorDetail(30);
                return RmError.VmidInvalid;
            })
            .Add<EmptyPayload, VmidReply>(MessageId.VmGetVmid, static (_, scoped in _, ref reply) =>
            {
                reply.Write(3);
                reply.SetErrorDetail(30);
                return RmError.VmidInvalid;
            });
        var pair = new RpcPair(new RpcDispatcher<ushort>(static (_, out caller) => (caller = 3) != 0) { SendsErrorDetail = sends }.Add(group));
        pair.Run(async () =>
        {
            Assert.Equal(RmError.VmidInvalid, (await pair.Client.VmSetTimeBaseAsync(0, 0, 0)).Error);
            Assert.Contains($"< 2102000030000056{expected} ", LastPacket(pair), StringComparison.Ordinal);
            Assert.Equal(RmError.VmidInvalid, (await pair.Client.VmGetVmidAsync()).Error);
            Assert.Contains("< 21020100240000560D000000 ", LastPacket(pair), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Replies_are_written_with_the_arguments_of_their_views()
    {
        var group = new RpcHandlerGroup<ushort>();
        Reply<VmGetId, VmGetIdReply>(MessageId.VmGetId, static (ref reply) =>
        {
            var ids = reply.Entries(2);
            ids.Add(VmIdType.Guid, new byte[16]);
            ids.Add(VmIdType.Name, "HLOS"u8);
            reply.End(ids);
        });
        Reply<EmptyPayload, VmidReply>(MessageId.VmGetOwner, static (ref reply) => reply.Write(0xFF));
        Reply<EmptyPayload, VmListReply>(MessageId.VmGetPeers, static (ref reply) => reply.Write([new VmidEntry(3), new VmidEntry(0x80)]));
        Reply<VmGetState, VmGetStateReply>(MessageId.VmGetState, static (ref reply) => reply.Write(VmState.Running, OsState.Run, 7));
        Reply<EmptyPayload, VmHostGetTypeReply>(MessageId.VmHostGetType, static (ref reply) => reply.Write(1, 2, 3));
        Reply<VmGetCrashMsg, VmCrashMsg>(MessageId.VmGetCrashMsg, static (ref reply) => reply.Write("boom"u8));
        Reply<VmGetHypResources, VmGetHypResourcesReply>(MessageId.VmGetHypResources, static (ref reply) => reply.Write([new HypResource(ResourceType.Doorbell, 3, 7, new(9), 33)]));
        Reply<MemLend, MemHandleReply>(MessageId.MemLend, static (ref reply) => reply.Write(0));
        Reply<MemAccept, MemAcceptReply>(MessageId.MemAccept, static (ref reply) => reply.Write(MemAcceptReplyFlags.Incomplete, [new SglEntry(1, 2)]));
        Reply<IpaReserve, IpaReserveReply>(MessageId.IpaReserve, static (ref reply) => reply.Write([new AddressEntry(0x1000)]));
        Reply<VmIrqLend, VmIrqHandleReply>(MessageId.VmIrqLend, static (ref reply) => reply.Write(5));
        Reply<VmIrqAccept, VmIrqAcceptReply>(MessageId.VmIrqAccept, static (ref reply) => reply.Write(6));
        Reply<HeapQuery, HeapQueryReply>(MessageId.HeapQuery, static (ref reply) => reply.Write(1, 2, 3, 4));
        Reply<DeviceFindHandle, DeviceHandleReply>(MessageId.DeviceFindHandle, static (ref reply) => reply.Write(8));
        Reply<DeviceGetResources, DeviceResourcesReply>(MessageId.DeviceGetResources, static (ref reply) => reply.Write([new DeviceResource(DeviceResourceType.Irq, 1, 2, 3)]));
        Reply<GetLog, GetLogReply>(MessageId.GetLog, static (ref reply) => reply.Write(0x1000, 0x2000));
        Reply<MinidumpGetInfo, MinidumpSlotReply>(MessageId.MinidumpGetInfo, static (ref reply) => reply.Write(4));
        Reply<OpaquePayload, OpaquePayload>(MessageId.GetIdent, static (ref reply) => reply.Write([1, 2]));
        Reply<VmAllocate, VmAllocateReply>(MessageId.VmAllocate, static (ref reply) => reply.Write(0x80));
        string[] expected =
        [
            "VM_GET_ID ids=[{type=guid data=00000000000000000000000000000000} {type=name data=\"HLOS\"}]", "VM_GET_OWNER vmid=0xff", "VM_GET_PEERS vmids=[{vmid=3} {vmid=0x80}]",
            "VM_GET_STATE vm_state=RUNNING os_state=RUN app_status=7", "VM_HOST_GET_TYPE architecture=1 hypervisor=2 version=3", "VM_GET_CRASH_MSG text=\"boom\"",
            "VM_GET_HYP_RESOURCES resources=[{type=DOORBELL partner=3 handle=0 label=7 cap=9 virq_handle=0 virq=0x21 base=0 size=0}]", "MEM_LEND parcel=0",
            "MEM_ACCEPT flags=incomplete sgl=[{address=1 size=2}]", "IPA_RESERVE addresses=[{address=0x1000}]", "VM_IRQ_LEND irq=5", "VM_IRQ_ACCEPT virq=6",
            "HEAP_QUERY total=1 allocated=2 reserved=3 largest_free=4", "DEVICE_FIND_HANDLE device=8", "DEVICE_GET_RESOURCES resources=[{type=irq data0=1 data1=2 data2=3}]",
            "GET_LOG address=0x1000 size=0x2000", "MINIDUMP_GET_INFO slot=4", "GET_IDENT payload=0102", "VM_ALLOCATE vmid=0x80",
        ];
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(group));
        pair.Run(async () =>
        {
            var told = new List<string>();
            foreach (var call in group.Messages.Select(id => TypedCalls.All.First(call => call.Id == id)))
                told.Add(call.Id + " " + FieldValues.From((await call.RunAsync(pair.Client)).Fields));
            Assert.Equal(expected, told);
        });

        void Reply<TRequest, TReply>(MessageId id, Fill<TReply> fill)
            where TRequest : IMessageView<TRequest>, allows ref struct
            where TReply : IMessageView<TReply>, allows ref struct
            => group.Add<TRequest, TReply>(id, (_, scoped in _, ref reply) =>
            {
                fill(ref reply);
                return RmError.Ok;
            });
    }

    [Fact]
    public void A_reply_longer_than_any_message_is_the_handlers_own_mistake()
    {
        var pair = new RpcPair(RpcDispatcher.ByVmid().Add(new RpcHandlerGroup<ushort>().AddRaw<OpaquePayload>(MessageId.GetIdent, static (_, _, ref reply) =>
        {
            Assert.Equal(RpcLimits.MaxReplyPayload, reply.Buffer.Length);
            Assert.Equal(0, reply.Length);
            reply.Length = RpcLimits.MaxReplyPayload + 1;
            return RmError.Ok;
        })));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Run(async () => await pair.Client.GetIdentAsync([])));
    }

    [Fact]
    public void Whatever_the_bytes_every_request_is_answered_once()
    {
        var random = new SeededRandom(20240731);
        var handlers = new TypedHandlers(static _ => []) { Asked = null };
        var dispatcher = RpcDispatcher.ByVmid().Add(handlers.Group(_ => true));
        var pair = new RpcPair(dispatcher);
        var asked = 0;
        pair.Run(async () =>
        {
            foreach (var id in handlers.Messages)
            {
                for (var i = 0; i < 40; i++)
                {
                    var payload = random.Bytes(random.OneIn(10) ? random.Next(2000) : random.Next(48));
                    using var result = await pair.Client.CallAsync(id, payload);
                    Assert.True(result.Status is RpcCallStatus.Ok or RpcCallStatus.RmError, $"{id} {Convert.ToHexString(payload)} (seed {random.Seed}): {result}");
                    asked++;
                }
            }
        });
        Assert.Equal((asked, asked), (pair.Link.Statistics.Requests, pair.Link.Statistics.Replies));
        Assert.InRange(dispatcher.Malformed, asked / 4, asked - 1);
    }

    private delegate void Fill<TReply>(ref RpcReplyWriter<TReply> reply)
        where TReply : IMessageView<TReply>, allows ref struct;

    private static string LastPacket(RpcPair pair) => pair.Trace.Text.Split('\n')[^2] + " ";

    private static string Told(MessageId id, RpcMessageType type, byte[] payload)
    {
        var fields = new FieldRecorder();
        Assert.Equal(DecodeStatus.Ok, MessageCatalogue.LayoutOf(id, type).Describe(payload, fields, out _));
        return FieldValues.From(fields.Fields).ToString();
    }
}
