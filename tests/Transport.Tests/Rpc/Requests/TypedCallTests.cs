using System.Text.Json.Nodes;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec.Tests;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Requests;

public sealed class TypedCallTests
{
    public static TheoryData<string> Samples => new(TypedCalls.All.Select(call => call.Request.Name));

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_sends_the_samples_bytes_and_reads_a_samples_reply(string name)
    {
        var call = Find(name);
        var reply = call.Reply;
        var asked = new List<(MessageId Id, byte[] Payload)>();
        var pair = new RpcPair(new DelegateHandler((in request, responder) =>
        {
            asked.Add((request.Id, request.Payload.ToArray()));
            responder.Reply(RmError.Ok, reply is null ? [1, 2, 3] : reply.Payload);
        }));
        pair.Run(async () =>
        {
            var (result, fields) = await call.RunAsync(pair.Client);
            Assert.Equal(RpcCallStatus.Ok, result.Status);
            Assert.Equal((call.Id, Convert.ToHexString(call.Request.Payload)), (asked.Single().Id, Convert.ToHexString(asked[0].Payload)));
            // The independent parser takes what was sent for what the expectation says.
            var meaning = RmPayloadSpec.TryParse(asked[0].Id.Value, isReply: false, asked[0].Payload);
            Assert.True(JsonNode.DeepEquals(call.Request.Fields, meaning), meaning?.ToJsonString());
            if (reply is null)
                Assert.Equal("010203", FieldValues.From(fields).Pairs.Single(pair => pair.Key == "payload").Value);
            else
                Assert.Equal(Told(call.Id, reply.Payload), FieldValues.From(fields).ToString());
        });
    }

    [Fact]
    public void Every_request_of_the_catalogue_has_a_method_of_its_name_and_reply()
    {
        var numbers = typeof(MessageNumber).GetFields().ToDictionary(field => (uint)field.GetRawConstantValue()!, field => field.Name);
        var methods = typeof(RpcClient).GetMethods().Where(method => method.ReturnType.ToString().Contains("RpcResult", StringComparison.Ordinal)).ToLookup(method => method.Name, StringComparer.Ordinal);
        var requests = MessageCatalogue.All.Where(row => row.Reply is not null).ToArray();
        foreach (var row in requests)
        {
            var name = numbers[row.Id.Value] + "Async";
            Assert.Equal(name, row.ClientMethod);
            Assert.True(methods.Contains(name), $"{row.Name} has no RpcClient.{name}");
            foreach (var method in methods[name])
            {
                Assert.Equal(row.Reply!.ViewName, method.ReturnType.GetGenericArguments()[0].GetGenericArguments()[0].Name);
                Assert.Equal(typeof(CancellationToken), method.GetParameters()[^1].ParameterType);
                Assert.True(method.GetParameters()[^1].IsOptional);
            }

            var driven = TypedCalls.All.Where(call => call.Id == row.Id).ToArray();
            Assert.True(driven.Length > 0, $"{row.Name} is not driven by TypedCalls");
            Assert.All(driven, call => Assert.Equal((row.Reply!.ViewName, row.Id.Value), (call.ReplyView, call.Request.Id)));
        }

        Assert.Equal(requests.Select(row => row.ClientMethod).Order(StringComparer.Ordinal), methods.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.All(MessageCatalogue.All.Where(row => row.Reply is null), row => Assert.Equal("", row.ClientMethod));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_refusal_of_the_RM_is_an_error_without_a_payload(string name)
    {
        var call = Find(name);
        var pair = new RpcPair(new DelegateHandler(static (in _, responder) => responder.Reply(RmError.VmState, [30, 0, 0, 0])));
        pair.Run(async () =>
        {
            var (result, _) = await call.RunAsync(pair.Client);
            Assert.Equal((RpcCallStatus.RmError, RmError.VmState, -LinuxErrno.EBADMSG), (result.Status, result.Error, result.ToErrno()));
            Assert.True(result.Payload.IsEmpty);
        });
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_cancelled_call_ends_as_cancelled_before_or_after_it_was_sent(string name)
    {
        var call = Find(name);
        var asked = 0;
        var pair = new RpcPair(new DelegateHandler((in _, _) => asked++));
        pair.Run(async () =>
        {
            using var cancel = new CancellationTokenSource();
            var open = call.RunAsync(pair.Client, cancel.Token);
            while (asked == 0)
                await Task.Yield();
            Assert.False(open.IsCompleted);
            cancel.Cancel();
            Assert.Equal(RpcCallStatus.Cancelled, (await open).Result.Status);
            Assert.Equal(RpcCallStatus.Cancelled, (await call.RunAsync(pair.Client, cancel.Token)).Result.Status);
            Assert.Equal(1, asked);
            await pair.Client.DisposeAsync();
            Assert.Equal(RpcCallStatus.Closed, (await call.RunAsync(pair.Client)).Result.Status);
            Assert.Equal(RpcCallStatus.Cancelled, (await call.RunAsync(pair.Client, cancel.Token)).Result.Status);
        });
    }

    [Fact]
    public void What_Linux_refuses_is_not_sent()
    {
        var pair = new RpcPair(new DelegateHandler(static (in _, _) => Assert.Fail("a request was sent")));
        pair.Run(async () =>
        {
            var client = pair.Client;
            var acl = new AclEntry[256];
            var sgl = new SglEntry[1];
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MemLendAsync(MemType.Normal, MemCreateFlags.None, 0, acl, sgl, []));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MemShareAsync(MemType.Normal, MemCreateFlags.None, 0, acl, sgl, []));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MemLendAsync(MemType.Normal, MemCreateFlags.None, 0, acl.AsSpan(0, 1), [], []));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MemShareAsync(MemType.Normal, MemCreateFlags.None, 0, acl.AsSpan(0, 1), [], []));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.VmSetBootContextAsync(0x80, BootRegisterSet.X, 32, 0));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.VmSetBootContextAsync(0x80, BootRegisterSet.Pc, 1, 0));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.VmSetBootContextAsync(0x80, BootRegisterSet.Sp, 3, 0));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.VmSetBootContextAsync(0x80, (BootRegisterSet)3, 0, 0));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.VmSetBootContextV15Async(0x80, BootRegisterSet.Pc, 1, 0));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MinidumpRegisterRangeAsync(0, 0, new byte[256]));
            Refused(RpcCallStatus.InvalidArgument, -LinuxErrno.EINVAL, await client.MinidumpGetSlotNumberAsync(0, new byte[256]));
        });
    }

    [Fact]
    public void What_is_longer_than_a_request_is_not_sent_and_takes_no_memory()
    {
        var pair = new RpcPair(new DelegateHandler(static (in _, _) => Assert.Fail("a request was sent")));
        pair.Run(async () =>
        {
            var client = pair.Client;
            var acl = new AclEntry[20];
            var sgl = new SglEntry[200_000];
            var text = new byte[4_000_000];
            var vmids = new VmidEntry[100_000];
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmConsoleWriteAsync(0, text.AsMemory(0, RpcLimits.MaxLinuxRequestContent - 3).Span));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemLendAsync(MemType.Normal, MemCreateFlags.None, 0, acl, sgl, []));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemShareAsync(MemType.Normal, MemCreateFlags.None, 0, acl, sgl, []));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemDonateAsync(MemType.Normal, MemCreateFlags.None, 0, acl, sgl, []));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemAcceptAsync(0, MemType.Normal, MemTransType.Lend, MemAcceptFlags.None, 0, acl, 0, sgl, []));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemAppendAsync(0, MemAppendFlags.None, sgl));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemQcomLookupSglAsync(MemType.Normal, 0, acl, sgl, []));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.MemNotifyAsync(0, MemNotifyFlags.Shared, 0, vmids));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmIrqNotifyAsync(0, IrqNotifyFlags.Lent, vmids));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmSetDemandPagingAsync(0, sgl));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.IpaReserveAsync(IpaConstraints.None, 0, sgl));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.IpaReserveAsync(IpaConstraints.None, 0, new IpaAllocation[1000]));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmAuthImageAsync(0, new AuthParameter[2000]));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmConsoleWriteAsync(0, text));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmSetCrashMsgAsync(text));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmLookupNameAsync(text));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmLookupUriAsync(text));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.VmLookupGuidAsync(text));
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await client.HeapCreateAsync(text));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        });
    }

    [Fact]
    public void Lists_above_the_RMs_limits_and_names_above_its_length_are_sent()
    {
        var asked = new List<byte[]>();
        var pair = new RpcPair(new DelegateHandler((in request, responder) =>
        {
            asked.Add(request.Payload.ToArray());
            responder.Reply(RmError.NoResource);
        }));
        pair.Run(async () =>
        {
            var sgl = new SglEntry[600];
            Assert.Equal(RmError.NoResource, (await pair.Client.MemLendAsync(MemType.Normal, MemCreateFlags.None, 0, new AclEntry[1], sgl, [])).Error);
            Assert.Equal(DecodeStatus.ListTooLong, MemLend.TryParse(asked[0], out _));
            Assert.Equal(RmError.NoResource, (await pair.Client.IpaReserveAsync(IpaConstraints.None, 0, sgl.AsSpan(0, 31))).Error);
            Assert.Equal(16 + (31 * 16), asked[1].Length);
            Assert.Equal(RmError.NoResource, (await pair.Client.VmLookupNameAsync(new byte[80])).Error);
            Assert.Equal(DecodeStatus.NameTooLong, VmLookupName.TryParse(asked[2], out _));
            Assert.Equal(RmError.NoResource, (await pair.Client.VmLookupGuidAsync([1, 2])).Error);
            Assert.Equal([1, 2], asked[3]);
        });
    }

    [Fact]
    public void Options_bound_typed_requests_as_all_others()
    {
        var pair = new RpcPair(DelegateHandler.Echo, RpcClientOptions.Downstream with { MaxRequestContent = 5 });
        pair.Run(async () =>
        {
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await pair.Client.VmGetVmidAsync());
            Refused(RpcCallStatus.TooBig, -LinuxErrno.E2BIG, await pair.Client.MemReclaimAsync(1, MemSanitizeFlags.None));
            using var state = await pair.Client.VmGetStateAsync(3);
            Assert.True(state.IsOk);
        });
    }

    [Fact]
    public void The_default_timeout_is_theirs_too()
    {
        var clock = new ManualTimeProvider();
        var pair = new RpcPair(new DelegateHandler(static (in _, _) => { }), new RpcClientOptions { TimeProvider = clock, DefaultTimeout = TimeSpan.FromSeconds(1) });
        pair.Run(async () =>
        {
            var call = pair.Client.VmStartAsync(0x80).AsTask();
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(RpcCallStatus.TimedOut, (await call).Status);
        });
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(4, 0, -LinuxErrno.EINVAL)]
    [InlineData(300, 0, -LinuxErrno.EINVAL)]
    public void A_payload_where_none_belongs_is_freed_unseen_by_Linux_and_refused_downstream(int length, int linux, int downstream)
    {
        var pair = new RpcPair(new DelegateHandler((in _, responder) => responder.Reply(RmError.Ok, new byte[length])));
        pair.Run(async () =>
        {
            using var result = await pair.Client.VmAuthImageAsync(0x80, []);
            Assert.True(result.IsOk);
            Assert.Equal(length > 0, result.HasUnexpectedPayload());
            Assert.Equal(length > 0 ? DecodeStatus.BadLength : DecodeStatus.Ok, result.TryRead(out _));
            Assert.Equal((linux, linux, downstream), (result.ToErrno(LinuxErrnoProfile.Linux), result.ToErrno(LinuxErrnoProfile.EarlyLinux), result.ToErrno(LinuxErrnoProfile.Downstream)));
        });
    }

    [Fact]
    public void A_payload_that_is_missing_is_no_success_to_anybody()
    {
        var pair = new RpcPair(new DelegateHandler(static (in request, responder) => responder.Reply(request.Id == MessageId.VmStart ? RmError.MemInvalid : RmError.Ok)));
        pair.Run(async () =>
        {
            using var lent = await pair.Client.MemLendAsync(MemType.Normal, MemCreateFlags.None, 0, new AclEntry[1], new SglEntry[1], []);
            Assert.True(lent.IsOk);
            Assert.Equal(DecodeStatus.BadLength, lent.TryRead(out _));
            Assert.Equal((-LinuxErrno.EBADMSG, -LinuxErrno.EINVAL), (lent.ToErrno(LinuxErrnoProfile.Linux), lent.ToErrno(LinuxErrnoProfile.Downstream)));
            using var started = await pair.Client.VmStartAsync(0x80);
            Assert.Equal(
                (-LinuxErrno.EINVAL, (long)RmError.MemInvalid, -LinuxErrno.ENOMEM),
                (started.ToErrno(LinuxErrnoProfile.Linux), started.ToErrno(LinuxErrnoProfile.EarlyLinux), started.ToErrno(LinuxErrnoProfile.Downstream)));
            await pair.Client.DisposeAsync();
            Assert.Equal(-LinuxErrno.ENODEV, (await pair.Client.VmStartAsync(0x80)).ToErrno(LinuxErrnoProfile.Downstream));
        });
    }

    private static void Refused<TReply>(RpcCallStatus status, int errno, RpcResult<TReply> result)
        where TReply : IMessageView<TReply>, allows ref struct
    {
        Assert.Equal((status, errno), (result.Status, result.ToErrno()));
        Assert.True(result.Payload.IsEmpty);
    }

    private static TypedCall Find(string name) => TypedCalls.All.Single(call => call.Request.Name == name);

    private static string Told(MessageId id, byte[] payload)
    {
        var fields = new FieldRecorder();
        Assert.Equal(DecodeStatus.Ok, MessageCatalogue.LayoutOf(id, RpcMessageType.Reply).Describe(payload, fields, out _));
        return FieldValues.From(fields.Fields).ToString();
    }
}
