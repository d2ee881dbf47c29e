using System.Globalization;
using RmStack.Hypervisor.Native;
using RmStack.Machine.DeviceTree;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Devices;

/// <summary>A VM's link to the RM: a message queue each way, depth 8, 240 bytes (RM: rm-rpc, vm_config.c).</summary>
internal sealed class RmLinkDevice(RmPlatform platform, RmLinks links, Vm vm, Vm rm, RmLinkSpec spec) : VDevice(vm, rm)
{
    private CapId _toRm = CapId.Invalid;
    private CapId _toVm = CapId.Invalid;
    private CapId _transmit = CapId.Invalid;
    private CapId _receive = CapId.Invalid;
    private uint _transmitVirq;
    private uint _receiveVirq;
    private uint _ownTransmitVirq;
    private uint _ownReceiveVirq;

    /// <summary>The VM's capability to send with.</summary>
    public CapId Transmit => _transmit;

    /// <summary>The VM's capability to receive with.</summary>
    public CapId Receive => _receive;

    /// <inheritdoc/>
    public override RmError Create()
    {
        if (!Vm.Virqs.TryTake(out _transmitVirq) || !Vm.Virqs.TryTake(out _receiveVirq)
            || !platform.Virqs.TryTake(out _ownTransmitVirq) || !platform.Virqs.TryTake(out _ownReceiveVirq)) return RmError.NoResource;
        var attempt = new Attempt();
        var hyp = platform.Hyp;
        var vmVic = Vm.Objects!.Vic;
        var ownVic = platform.Configuration.Vic;
        var made = CreateQueue(attempt, out _toRm) && CreateQueue(attempt, out _toVm)
            && attempt.Ok(hyp.BindMsgQueueSend(_toRm, vmVic, _transmitVirq))
            && attempt.Ok(hyp.BindMsgQueueReceive(_toRm, ownVic, _ownReceiveVirq))
            && attempt.Ok(hyp.BindMsgQueueSend(_toVm, ownVic, _ownTransmitVirq))
            && attempt.Ok(hyp.BindMsgQueueReceive(_toVm, vmVic, _receiveVirq))
            && attempt.Ok(platform.Give(_toRm, Vm.Objects.CSpace, HypRights.MsgQueueSend), out _transmit)
            && attempt.Ok(platform.Give(_toVm, Vm.Objects.CSpace, HypRights.MsgQueueReceive), out _receive);
        if (!made) return RmError.NoResource;
        links.Open(Vm.Vmid, new HypercallMsgQueuePort(
            platform.Context, hyp, _toVm, _toRm, _ownTransmitVirq, _ownReceiveVirq, platform.Buffers));
        return RmError.Ok;
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        links.Close(Vm.Vmid);
        if (Vm.Objects is { } objects)
        {
            platform.Take(ref _transmit, objects.CSpace);
            platform.Take(ref _receive, objects.CSpace);
        }

        // The queues unbind their interrupts when they go.
        platform.Drop(ref _toRm);
        platform.Drop(ref _toVm);
        Vm.Virqs.Give(ref _transmitVirq);
        Vm.Virqs.Give(ref _receiveVirq);
        platform.Virqs.Give(ref _ownTransmitVirq);
        platform.Virqs.Give(ref _ownReceiveVirq);
    }

    /// <inheritdoc/>
    public override bool TryDescribe(DeviceTreeNode root)
    {
        var unit = _receive.Value.ToString("x", CultureInfo.InvariantCulture);
        if (!root.TryGetOrAdd($"{spec.Generate}@{unit}", out var node)) return false;
        node.SetStrings(
            "compatible", "gunyah-resource-manager", "qcom,resource-manager", "qcom,resource-manager-1-0", "qcom,gunyah-message-queue", "qcom,gunyah-capability");
        Describe(node);
        node.Set("qcom,free-irq-start", 0u);
        AddShape(node);
        node.Set("qcom,vdevice-handle", 0u);
        return true;
    }

    /// <summary>Adds the primary VM's node, which has its own name and its own order of compatible strings.</summary>
    public void DescribeForHlos(DeviceTreeNode hypervisor)
    {
        var unit = _transmit.Value.ToString("x16", CultureInfo.InvariantCulture);
        var node = hypervisor.GetOrAdd($"qcom,resource-manager-rpc@{unit}");
        node.SetStrings("compatible", "gunyah-resource-manager", "qcom,resource-manager-1-0", "qcom,resource-manager");
        Describe(node);
        node.Set("qcom,free-irq-start", VirqPool.FirstOfVm);
        AddShape(node);
    }

    private void Describe(DeviceTreeNode node)
    {
        node.SetU64("reg", _transmit.Value, _receive.Value);
        node.Set(
            "interrupts",
            GicBinding.Spi, _transmitVirq - VirqPool.FirstShared, GicBinding.EdgeRising,
            GicBinding.Spi, _receiveVirq - VirqPool.FirstShared, GicBinding.EdgeRising);
    }

    private void AddShape(DeviceTreeNode node)
    {
        node.Set("qcom,is-full-duplex");
        node.Set("qcom,tx-message-size", spec.MessageSize);
        node.Set("qcom,rx-message-size", spec.MessageSize);
        node.Set("qcom,tx-queue-depth", spec.QueueDepth);
        node.Set("qcom,rx-queue-depth", spec.QueueDepth);
    }

    private bool CreateQueue(Attempt attempt, out CapId queue) =>
        attempt.Ok(platform.Create(HypercallNumber.PartitionCreateMsgQueue), out queue)
        && attempt.Ok(platform.Hyp.ConfigureMsgQueue(queue, spec.QueueDepth, spec.MessageSize))
        && attempt.Ok(platform.Hyp.Activate(queue));
}
