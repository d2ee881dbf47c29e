using System.Buffers;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>For every view of the catalogue: shapes of payloads that it takes, and how to write such a payload again from the view alone.</summary>
internal static class MessageRewrites
{
    private delegate int Rewrite<TView>(PayloadWriter to, TView from)
        where TView : IMessageView<TView>, allows ref struct;

    internal delegate DecodeStatus Again(in ReadOnlySequence<byte> payload, PayloadWriter to, out int length);

    public static IReadOnlyList<Row> All { get; } = [.. Memory(), .. Lifecycle(), .. Queries(), .. Settings(), .. Irqs(), .. Console(), .. Heaps(), .. Devices(), .. Diagnostics()];

    private static IEnumerable<Row> Memory()
    {
        const string lists = "#2 R2 *(F2 F1 R1) #2 R2 *(F8 F8) #2 R2 *(F2 F2)";
        yield return For<MemLend>(
            (to, view) => MemLend.Write(to, view.MemType, view.Flags, view.Label, Copy(view.Acl), Copy(view.Sgl), Copy(view.Attributes)),
            "F1 R1 F1 R1 F4 " + lists,
            "~F1 R1 F1 R1 F4 K02000000 F4 F4");
        yield return For<MemHandleReply>((to, view) => MemHandleReply.Write(to, view.Handle), "F4");
        yield return For<MemAppend>((to, view) => MemAppend.Write(to, view.Handle, view.Flags, Copy(view.Sgl)), "F4 F1 R3 #2 R2 *(F8 F8)");
        yield return For<MemAccept>(
            (to, view) => MemAccept.Write(to, view.Handle, view.MemType, view.TransType, view.Flags, view.Label, Copy(view.Acl), view.MapVmid, Copy(view.Sgl), Copy(view.Attributes)),
            "F4 F1 F1 F1 R1 F4 #2 R2 *(F2 F1 R1) #2 F2 *(F8 F8) #2 R2 *(F2 F2)",
            "~F4 F1 F1 F1 R1 F4 K02000000 F4 F4");
        yield return For<MemAcceptReply>((to, view) => view.HasList ? MemAcceptReply.Write(to, view.Flags, Copy(view.Sgl)) : 0, "", "#2 F1 R1 *(F8 F8)");
        yield return For<MemRelease>((to, view) => MemRelease.Write(to, view.Handle, view.Flags), "F4 F1 R3 T");
        yield return For<MemReclaim>((to, view) => MemReclaim.Write(to, view.Handle, view.Flags), "F4 F1 R3 T");
        yield return For<MemNotify>(
            (to, view) =>
            {
                if (!view.NeedsVmids)
                    return MemNotify.Write(to, view.Handle, view.Flags, view.Tag);
                Assert.Equal(DecodeStatus.Ok, view.TryReadVmids(out var vmids));
                return MemNotify.Write(to, view.Handle, view.Flags, view.Tag, Copy(vmids));
            },
            "F4 K01 R3 F4 #2 R2 *(F2 R2) T",
            "F4 K08 R3 F4 #2 R2 *(F2 R2) T",
            "F4 F1 R3 F4 T");
        yield return For<MemQcomLookupSgl>(
            (to, view) => MemQcomLookupSgl.Write(to, view.MemType, view.Label, Copy(view.Acl), Copy(view.Sgl), Copy(view.Attributes)),
            "F1 R3 F4 " + lists,
            "~F1 R3 F4 #2 R2 *(F2 F1 R1) #2 R2 *(F8 F8)");
        yield return For<MemShared>(
            (to, view) => MemShared.Write(to, view.Handle, view.MemType, view.TransType, view.Flags, view.Owner, view.Label, view.Tag, Copy(view.Acl), Copy(view.Regions), Copy(view.Attributes)),
            "F4 F1 F1 F1 R1 F2 R2 F4 F4 #2 R2 *(F2 F1 R1) #2 R2 *(F8) #2 R2 *(F2 F2)");
        yield return For<MemReleased>((to, view) => MemReleased.Write(to, view.Handle, view.Vmid, view.Tag), "F4 F2 R2 F4");
        yield return For<MemAccepted>((to, view) => MemAccepted.Write(to, view.Handle, view.Vmid, view.Tag), "F4 F2 R2 F4");
        yield return For<MemRecall>((to, view) => MemRecall.Write(to, view.Handle, view.Tag), "F4 F4");
        yield return For<FwSetVmFirmware>(
            (to, view) => view.Length <= FwSetVmFirmware.SizeRm1 && view.Flags == FirmwareFlags.None
                ? FwSetVmFirmware.Write(to, view.Auth, view.Handle, view.Offset, view.FirmwareSize)
                : FwSetVmFirmware.Write(to, view.Auth, view.Flags, view.Handle, view.Offset, view.FirmwareSize, view.ConfigOffset, view.ConfigSize),
            "F2 K0000 F4 F8 F8",
            "F2 F2 F4 F8 F8 F8 F8",
            "~F2 F2 F4 F8 F8 F8 F8 X");
    }

    private static IEnumerable<Row> Lifecycle()
    {
        yield return For<VmAllocate>((to, view) => VmAllocate.Write(to, view.Vmid), "F2 R2");
        yield return For<VmAllocateReply>((to, view) => view.HasVmid ? VmAllocateReply.Write(to, view.Vmid) : 0, "", "F2 R2");
        yield return For<VmDeallocate>((to, view) => VmDeallocate.Write(to, view.Vmid), "F2 R2");
        yield return For<VmConfigImage>(
            (to, view) => VmConfigImage.Write(to, view.Vmid, view.Auth, view.Handle, view.ImageOffset, view.ImageSize, view.DtbOffset, view.DtbSize),
            "F2 F2 F4 F8 F8 F8 F8");
        yield return For<VmAuthImage>((to, view) => VmAuthImage.Write(to, view.Vmid, Copy(view.Parameters)), "F2 #2 *(F4 F4)");
        yield return For<VmInit>((to, view) => VmInit.Write(to, view.Vmid), "F2 Z2");
        yield return For<VmStart>((to, view) => VmStart.Write(to, view.Vmid), "F2 R2");
        yield return For<VmStop>((to, view) => VmStop.Write(to, view.Vmid, view.Flags, view.Reason), "F2 F1 R1 F4");
        yield return For<VmReset>((to, view) => VmReset.Write(to, view.Vmid), "F2 R2");
        yield return For<VmExit>((to, view) => VmExit.Write(to, view.Flags, view.Code), "F2 F1 Z1");
        yield return For<VmExited>(
            (to, view) => view.Reason.Length == VmExited.ReasonSize ? VmExited.Write(to, view.Vmid, view.ExitType, view.Flags, view.Code)
                : view is { Reason.Length: VmExited.Reset2ReasonSize, ExitType: ExitType.PsciSystemReset2 } ? VmExited.WriteReset2(to, view.Vmid, view.Flags, view.Code, view.ResetType, view.Cookie)
                : VmExited.Write(to, view.Vmid, view.ExitType, view.Reason.ToArray()),
            "F2 F2 K04000000 F2 F2",
            "F2 K0300 K10000000 F2 F2 F4 F8",
            "F2 F2 #4 *(F1)");
        yield return For<VmShutdown>((to, view) => VmShutdown.Write(to, view.Reason), "F4");
        yield return For<VmStatus>((to, view) => VmStatus.Write(to, view.Vmid, view.State, view.OsState, view.AppStatus), "F2 R2 F1 F1 F2");
    }

    private static IEnumerable<Row> Queries()
    {
        yield return For<VmGetState>((to, view) => VmGetState.Write(to, view.Vmid), "F2 R2");
        yield return For<VmGetStateReply>((to, view) => VmGetStateReply.Write(to, view.State, view.OsState, view.AppStatus), "F1 F1 F2");
        yield return For<VmSetStatus>((to, view) => VmSetStatus.Write(to, view.OsState, view.AppStatus), "R1 F1 F2");
        yield return For<VmidReply>((to, view) => VmidReply.Write(to, view.Vmid), "F2 R2");
        yield return For<VmListReply>((to, view) => VmListReply.Write(to, Copy(view.Vmids)), "#4 *(F2 R2)");
        yield return For<VmHostGetTypeReply>((to, view) => VmHostGetTypeReply.Write(to, view.Architecture, view.Hypervisor, view.Version), "F1 F1 R1 F1");
        yield return For<VmGetId>((to, view) => VmGetId.Write(to, view.Vmid), "F2 R2");
        yield return For<VmGetIdReply>(
            (to, view) =>
            {
                var writer = new VmGetIdReply.Writer(to, view.Count);
                foreach (var entry in view)
                    writer.Add(entry.Type, entry.Data.ToArray());
                return writer.End();
            },
            "#4<30 *(F1 R1 #2 *(F1) P)");
        yield return For<VmLookupName>((to, view) => VmLookupName.Write(to, view.Name.ToArray()), "#2<79 R2 *(F1) P");
        yield return For<VmLookupGuid>((to, view) => VmLookupGuid.Write(to, view.Bytes.ToArray()), "F8 F8");
        yield return For<VmCrashMsg>((to, view) => VmCrashMsg.Write(to, view.Text.ToArray()), "#2 R2 *(F1) P");
        yield return For<VmGetCrashMsg>((to, view) => VmGetCrashMsg.Write(to, view.Vmid), "F2 R2");
        yield return For<VmGetHypResources>((to, view) => VmGetHypResources.Write(to, view.Vmid), "F2 R2");
        yield return For<VmGetHypResourcesReply>((to, view) => VmGetHypResourcesReply.Write(to, Copy(view.Resources)), "#4 *(F1 R1 F2 F4 F4 F8 F4 F4 F8 F8)");
        yield return For<ErrorDetail>((to, view) => view.HasDetail ? ErrorDetail.Write(to, view.Detail) : 0, "", "F4");
    }

    private static IEnumerable<Row> Settings()
    {
        yield return For<VmSetTimeBase>((to, view) => VmSetTimeBase.Write(to, view.Vmid, view.TimeBase, view.Counter), "F2 R2 F8 F8");
        yield return For<VmSetFirmwareMem>((to, view) => VmSetFirmwareMem.Write(to, view.Vmid, view.Handle, view.Offset, view.FirmwareSize), "F2 Z2 F4 F8 F8");
        yield return For<VmSetBootContext>((to, view) => VmSetBootContext.Write(to, view.Vmid, view.RegisterSet, view.RegisterIndex, view.Value), "F2 F1 F1 Z4 F8");
        yield return For<VmSetDemandPaging>((to, view) => VmSetDemandPaging.Write(to, view.Vmid, Copy(view.Ranges)), "F2 Z2 #4 *(F8 F8) T");
        yield return For<VmSetAddressLayout>((to, view) => VmSetAddressLayout.Write(to, view.Vmid, view.Range, view.Base, view.RangeSize), "F2 Z2 F4 F8 F8");
        yield return For<VmSetDebug>((to, view) => VmSetDebug.Write(to, view.Vmid, view.Enabled), "F2 Z1 F1");
        yield return For<IpaReserve>(
            (to, view) =>
            {
                if (view.AllocType == IpaAllocType.Fixed)
                {
                    Assert.Equal(DecodeStatus.Ok, view.TryReadFixed(out var ranges));
                    return IpaReserve.Write(to, view.Constraints, view.PlatformConstraints, Copy(ranges));
                }

                Assert.Equal(DecodeStatus.Ok, view.TryReadAllocate(out var allocations));
                return IpaReserve.Write(to, view.Constraints, view.PlatformConstraints, Copy(allocations));
            },
            "K00 R3 F4 F4 #2<30 R2 *(F8 F8)",
            "K01 R3 F4 F4 #2<30 R2 *(F8 F8 F8 F8)");
        yield return For<IpaReserveReply>((to, view) => view.HasList ? IpaReserveReply.Write(to, Copy(view.Addresses)) : 0, "", "#4 *(F8)");
    }

    private static IEnumerable<Row> Irqs()
    {
        yield return For<VmIrqLend>((to, view) => VmIrqLend.Write(to, view.Borrower, view.Virq, view.Label), "F2 R2 F4 F4");
        yield return For<VmIrqHandleReply>((to, view) => VmIrqHandleReply.Write(to, view.Handle), "F4");
        yield return For<VmIrqAccept>((to, view) => VmIrqAccept.Write(to, view.Handle, view.Virq), "F4 F4");
        yield return For<VmIrqAcceptReply>((to, view) => VmIrqAcceptReply.Write(to, view.Virq), "F4");
        yield return For<VmIrqRelease>((to, view) => VmIrqRelease.Write(to, view.Handle), "F4");
        yield return For<VmIrqReclaim>((to, view) => VmIrqReclaim.Write(to, view.Handle), "F4");
        yield return For<VmIrqNotify>(
            (to, view) => view.HasVmids ? VmIrqNotify.Write(to, view.Handle, view.Flags, Copy(view.Vmids)) : VmIrqNotify.Write(to, view.Handle, view.Flags),
            "F4 K01000000 #2 R2 *(F2 R2)",
            "F4 F4");
        yield return For<VmIrqLent>((to, view) => VmIrqLent.Write(to, view.Owner, view.Handle, view.Label), "F2 R2 F4 F4");
        yield return For<VmIrqReleased>((to, view) => VmIrqReleased.Write(to, view.Handle), "F4");
        yield return For<VmIrqAccepted>((to, view) => VmIrqAccepted.Write(to, view.Handle), "F4");
    }

    private static IEnumerable<Row> Console()
    {
        yield return For<VmConsoleOpen>((to, view) => VmConsoleOpen.Write(to, view.Target), "F2 R2");
        yield return For<VmConsoleClose>((to, view) => VmConsoleClose.Write(to, view.Target), "F2 R2");
        yield return For<VmConsoleWrite>((to, view) => VmConsoleWrite.Write(to, view.Target, view.Text.ToArray()), "F2 #2 *(F1)");
        yield return For<VmConsoleFlush>((to, view) => VmConsoleFlush.Write(to, view.Target), "F2 R2");
        yield return For<VmConsoleChars>((to, view) => VmConsoleChars.Write(to, view.From, view.Text.ToArray()), "F2 #2 *(F1)");
    }

    private static IEnumerable<Row> Heaps()
    {
        yield return For<HeapAddMemory>((to, view) => HeapAddMemory.Write(to, view.Heap, view.Handle), "F4 R4 F4");
        yield return For<HeapRemoveMemory>((to, view) => HeapRemoveMemory.Write(to, view.Heap, view.Handle), "F4 R4 F4");
        yield return For<HeapQuery>((to, view) => HeapQuery.Write(to, view.Heap, view.Kind), "F4 F1 R3");
        yield return For<HeapQueryReply>(
            (to, view) => view.Kind == HeapQueryKind.FreeParts ? HeapQueryReply.Write(to, Copy(view.FreeParts)) : HeapQueryReply.Write(to, view.Total, view.Allocated, view.Reserved, view.LargestFree),
            "#4 *(F4)",
            "F8 F8 F8 F8");
    }

    private static IEnumerable<Row> Devices()
    {
        yield return For<DeviceAccept>((to, view) => DeviceAccept.Write(to, view.Device, view.Flags, view.Bus), "F4 F1 Z3 F4");
        yield return For<DeviceLend>((to, view) => DeviceLend.Write(to, view.Vmid, view.Flags, view.Device), "F2 F1 Z1 F4");
        yield return For<DeviceDonate>((to, view) => DeviceDonate.Write(to, view.Vmid, view.Flags, view.Device), "F2 F1 Z1 F4");
        yield return For<DeviceRelease>((to, view) => DeviceRelease.Write(to, view.Device, view.Flags), "F4 F1 Z3");
        yield return For<DeviceReclaim>((to, view) => DeviceReclaim.Write(to, view.Device, view.Flags), "F4 F1 Z3");
        yield return For<DeviceNotify>((to, view) => DeviceNotify.Write(to, view.Device, view.Flags, view.Vmid), "F4 F1 Z1 F2 T");
        yield return For<DeviceFindHandle>((to, view) => DeviceFindHandle.Write(to, view.Type, view.Data0, view.Data1, view.Data2), "F1 R3 F4 F4 F4");
        yield return For<DeviceHandleReply>((to, view) => DeviceHandleReply.Write(to, view.Device), "F4");
        yield return For<DeviceGetResources>((to, view) => DeviceGetResources.Write(to, view.Device, view.Flags), "F4 F1 Z3");
        yield return For<DeviceResourcesReply>((to, view) => DeviceResourcesReply.Write(to, Copy(view.Resources)), "#2 R2 *(F1 R3 F4 F4 F4)");
        yield return For<DeviceBus>((to, view) => DeviceBus.Write(to, view.Bus), "F4");
        yield return For<DeviceEvent>((to, view) => DeviceEvent.Write(to, view.Vmid, view.Device), "F2 R2 F4");
        yield return For<DeviceReleased>((to, view) => DeviceReleased.Write(to, view.Device), "F4");
    }

    private static IEnumerable<Row> Diagnostics()
    {
        yield return For<GetLog>((to, view) => GetLog.Write(to, view.LogId), "F2 R2");
        yield return For<GetLogReply>((to, view) => GetLogReply.Write(to, view.Address, view.LogSize), "F8 F8");
        yield return For<MinidumpGetInfo>((to, _) => MinidumpGetInfo.Write(to), "R4");
        yield return For<MinidumpSlotReply>((to, view) => MinidumpSlotReply.Write(to, view.Slot), "F2 R2");
        yield return For<MinidumpRegisterRange>((to, view) => MinidumpRegisterRange.Write(to, view.Base, view.RangeSize, view.Name.ToArray()), "F8 F8 #1<255 D1C R2 *(F1)");
        yield return For<MinidumpDeregisterSlot>((to, view) => MinidumpDeregisterSlot.Write(to, view.Slot), "F2 R2");
        yield return For<MinidumpGetSlotNumber>((to, view) => MinidumpGetSlotNumber.Write(to, view.FirstSlot, view.Name.ToArray()), "#1<255 R3 F2 R2 *(F1)");
    }

    private static Row For<TView>(Rewrite<TView> write, params string[] shapes)
        where TView : IMessageView<TView>, allows ref struct
    {
        return new Row(typeof(TView).Name, [.. shapes.Select(shape => new PayloadShape(shape))], RewriteInto);

        DecodeStatus RewriteInto(in ReadOnlySequence<byte> payload, PayloadWriter to, out int length)
        {
            var reader = new PayloadReader(in payload);
            var status = TView.TryRead(ref reader, out var view);
            length = status == DecodeStatus.Ok ? write(to, view) : 0;
            return status;
        }
    }

    private static T[] Copy<T>(WireList<T> list)
        where T : struct, IWireElement<T>
    {
        var copy = new T[list.Count];
        list.CopyTo(copy);
        return copy;
    }

    /// <summary>One view.</summary>
    internal sealed class Row
    {
        private readonly MessageRewrites.Again _again;

        internal Row(string view, IReadOnlyList<PayloadShape> shapes, MessageRewrites.Again again)
        {
            View = view;
            Shapes = shapes;
            _again = again;
            Roles =
            [
                .. MessageCatalogue.All.Where(row => row.Content.ViewName == view).Select(row => new Role(row.Id, row.Reply is null ? RpcMessageType.Notification : RpcMessageType.Request, row.Content)),
                .. MessageCatalogue.All.Where(row => row.Reply?.ViewName == view).Select(row => new Role(row.Id, RpcMessageType.Reply, row.Reply!)),
                .. view == nameof(ErrorDetail) ? [new Role(MessageCatalogue.All.First(row => row.ErrorReplyMayCarryWord).Id, RpcMessageType.Reply, MessageCatalogue.ErrorReplyWithWord)] : Array.Empty<Role>(),
            ];
        }

        public string View { get; }

        public IReadOnlyList<PayloadShape> Shapes { get; }

        /// <summary>The messages that this view reads.</summary>
        public IReadOnlyList<Role> Roles { get; }

        public byte[] Again(byte[] payload) => Again(new ReadOnlySequence<byte>(payload));

        /// <summary>Reads with the view and writes what it says, into a buffer full of old bytes.</summary>
        public byte[] Again(ReadOnlySequence<byte> payload)
        {
            var buffer = new byte[RpcLimits.MaxContent];
            Array.Fill(buffer, (byte)0xEE);
            Assert.Equal(DecodeStatus.Ok, _again(in payload, buffer, out var length));
            return buffer[..length];
        }
    }

    /// <summary>Where a view is used.</summary>
    internal sealed record Role(MessageId Id, RpcMessageType Type, PayloadInfo Layout);
}
