using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Message queues and doorbells (Gunyah API: msgqueue_*, doorbell_*). HOT.</summary>
internal static class IpcCalls
{
    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.DoorbellBindVIrq, "doorbell_bind_virq", "doorbell:x vic:x virq:w _:z", "error", DoorbellBind),
        new(HypercallNumber.DoorbellUnbindVIrq, "doorbell_unbind_virq", "doorbell:x _:z", "error", DoorbellUnbind),
        new(HypercallNumber.DoorbellSend, "doorbell_send", "doorbell:x new_flags:x _:z", "error old_flags", DoorbellSend),
        new(HypercallNumber.DoorbellReceive, "doorbell_receive", "doorbell:x clear_flags:x _:z", "error old_flags", DoorbellReceive),
        new(HypercallNumber.DoorbellReset, "doorbell_reset", "doorbell:x _:z", "error", DoorbellReset),
        new(HypercallNumber.DoorbellMask, "doorbell_mask", "doorbell:x enable:x ack:x _:z", "error", DoorbellMask),
        new(HypercallNumber.MsgQueueBindSendVIrq, "msgqueue_bind_send_virq", "msgqueue:x vic:x virq:w _:z", "error", BindSend),
        new(HypercallNumber.MsgQueueBindReceiveVIrq, "msgqueue_bind_receive_virq", "msgqueue:x vic:x virq:w _:z", "error", BindReceive),
        new(HypercallNumber.MsgQueueUnbindSendVIrq, "msgqueue_unbind_send_virq", "msgqueue:x _:z", "error", UnbindSend),
        new(HypercallNumber.MsgQueueUnbindReceiveVIrq, "msgqueue_unbind_receive_virq", "msgqueue:x _:z", "error", UnbindReceive),
        new(HypercallNumber.MsgQueueSend, "msgqueue_send", "msgqueue:x size:x data:x flags:w _:z", "error not_full", Send),
        new(HypercallNumber.MsgQueueReceive, "msgqueue_receive", "msgqueue:x buffer:x max_size:x _:z", "error size not_empty", Receive),
        new(HypercallNumber.MsgQueueFlush, "msgqueue_flush", "msgqueue:x _:z", "error", Flush),
        new(HypercallNumber.MsgQueueConfigureSend, "msgqueue_configure_send", "msgqueue:x not_full_threshold:w not_full_delay:w _:m", "error", ConfigureSend),
        new(HypercallNumber.MsgQueueConfigureReceive, "msgqueue_configure_receive", "msgqueue:x not_empty_threshold:w not_empty_delay:w _:m", "error", ConfigureReceive),
        new(HypercallNumber.MsgQueueConfigure, "msgqueue_configure", "msgqueue:x create_info:x _:z", "error", Configure),
    ];

    private static void Send(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueSend, out MsgQueue queue)) return;
        call.Return(queue.Send(call.Caller, call.Arg(2), call.Arg(1), (MsgQueueFlags)call.Word(3), out var notFull));
        call.Result(1, notFull ? 1UL : 0);
    }

    private static void Receive(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueReceive, out MsgQueue queue)) return;
        call.Return(queue.Receive(call.Caller, call.Arg(1), call.Arg(2), out var size, out var notEmpty));
        call.Result(1, size);
        call.Result(2, notEmpty ? 1UL : 0);
    }

    private static void Flush(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueReceive, out MsgQueue queue)) queue.Flush();
    }

    private static void ConfigureSend(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueSend, out MsgQueue queue))
            call.Return(queue.ConfigureSend(call.Word(1), call.Word(2)));
    }

    private static void ConfigureReceive(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueReceive, out MsgQueue queue))
            call.Return(queue.ConfigureReceive(call.Word(1), call.Word(2)));
    }

    private static void Configure(ref HypercallCall call)
    {
        if (call.LookupForSetup(0, ObjectType.MsgQueue, out MsgQueue queue)) call.Return(queue.Configure(call.Arg(1)));
    }

    private static void BindSend(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueBindSend, out MsgQueue queue)) Bind(ref call, queue.SendVirq);
    }

    private static void BindReceive(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueBindReceive, out MsgQueue queue)) Bind(ref call, queue.ReceiveVirq);
    }

    private static void UnbindSend(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueBindSend, out MsgQueue queue)) queue.SendVirq.Unbind();
    }

    private static void UnbindReceive(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.MsgQueue, CapRights.MsgQueueBindReceive, out MsgQueue queue)) queue.ReceiveVirq.Unbind();
    }

    private static void DoorbellBind(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellBind, out Doorbell bell)) Bind(ref call, bell.Virq);
    }

    private static void DoorbellUnbind(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellBind, out Doorbell bell)) bell.Virq.Unbind();
    }

    private static void DoorbellSend(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellSend, out Doorbell bell)) call.Result(1, bell.Send(call.Arg(1)));
    }

    private static void DoorbellReceive(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellReceive, out Doorbell bell)) return;
        call.Return(bell.Receive(call.Arg(1), out var old));
        call.Result(1, old);
    }

    private static void DoorbellReset(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellReceive, out Doorbell bell)) bell.Reset();
    }

    private static void DoorbellMask(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Doorbell, CapRights.DoorbellReceive, out Doorbell bell)) bell.Mask(call.Arg(1), call.Arg(2));
    }

    /// <summary>The shared end of every *_bind_virq(object, vic, virq): the VIC, then the source.</summary>
    public static void Bind(ref HypercallCall call, VirqSource source)
    {
        if (call.Lookup(1, ObjectType.Vic, CapRights.VicBindSource, out Vic vic)) call.Return(source.Bind(vic, call.Word(2)));
    }
}
