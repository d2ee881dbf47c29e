using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu;

/// <summary>Exceptions to EL1 and the return from them (Arm ARM D1.3, D1.4).</summary>
public sealed unsafe partial class ProcessingElement
{
    private const ulong SctlrReset = 0x30d0_0800;
    private const ulong SctlrSpan = 1UL << 23;
    private const ulong SctlrDssbs = 1UL << 44;
    private const uint VectorSynchronous = 0x000;
    private const uint VectorIrq = 0x080;
    private const uint VectorFiq = 0x100;
    private const uint VectorOfLowerLevel = 0x400;
    private const uint VectorOfSpElx = 0x200;

    /// <summary>Gives EL1 a synchronous external abort in place of an access that stage 2 stopped (Gunyah: unclaimed aborts).</summary>
    /// <param name="stage2Abort">The exit that <see cref="Run"/> returned.</param>
    public void InjectExternalAbort(in CpuExit stage2Abort)
    {
        State.FAR_EL1 = stage2Abort.FaultAddress;
        var fetch = stage2Abort.Syndrome >> 26 is Syndrome.EcInstructionAbortLower;
        if (fetch) TakeException(Syndrome.Of(InstructionAbortClass, FaultCode.External), State.PC);
        else TakeException(Syndrome.Of(DataAbortClass, (stage2Abort.Syndrome & (Syndrome.Write | Syndrome.CacheMaintenance)) | FaultCode.External), State.PC);
    }

    /// <summary>Gives EL1 an Undefined exception for the instruction at PC.</summary>
    public void InjectUndefined() => TakeException(Syndrome.Of(Syndrome.EcUnknown, 0), State.PC);

    private uint InstructionAbortClass => State.EL == 0 ? Syndrome.EcInstructionAbortLower : Syndrome.EcInstructionAbort;

    private uint DataAbortClass => State.EL == 0 ? Syndrome.EcDataAbortLower : Syndrome.EcDataAbort;

    /// <summary>The running instruction does not exist, or not at this exception level.</summary>
    internal A64Op* Undefined(A64Op* op) => TakeException(Syndrome.Of(Syndrome.EcUnknown, 0), AddressOf(op));

    /// <summary>SP was the base of an access and is no multiple of 16.</summary>
    internal A64Op* SpAlignmentFault(A64Op* op) => TakeException(Syndrome.Of(Syndrome.EcSpAlignment, 0), AddressOf(op));

    /// <summary>Takes a synchronous exception to EL1.</summary>
    /// <param name="syndrome">ESR_EL1.</param>
    /// <param name="returnAddress">ELR_EL1.</param>
    /// <returns>Where to go on.</returns>
    internal A64Op* TakeException(uint syndrome, ulong returnAddress)
    {
        State.ESR_EL1 = syndrome;
        return EnterEl1(VectorSynchronous, returnAddress);
    }

    /// <summary>ERET.</summary>
    internal A64Op* ReturnFromException()
    {
        var spsr = (uint)State.SPSR_EL1;
        ClearExclusive();
        State.EventRegister = true;
        State.PC = State.ELR_EL1;

        // M[3:0] can be EL0t, EL1t and EL1h. Anything else is an illegal return: the level stays, PSTATE.IL is set.
        var legal = (spsr & PState.Aarch32) == 0 && (spsr & 15) is 0 or 4 or 5;
        var (pan, uao, dit, ssbs) = (State.PAN, State.UAO, State.DIT, State.SSBS);
        State.SetNzcvAndMasks(spsr);
        if (!legal) (State.PAN, State.UAO, State.DIT, State.SSBS, State.SS) = (pan, uao, dit, ssbs, false);
        if (!Model.Has(CpuFeatures.Pan)) State.PAN = false;
        if (!Model.Has(CpuFeatures.Uao)) State.UAO = false;
        if (!Model.Has(CpuFeatures.Dit)) State.DIT = false;
        if (!Model.Has(CpuFeatures.Ssbs)) State.SSBS = false;
        State.SS &= IsSteppingEnabled(legal ? (int)(spsr >> 2) & 1 : State.EL, State.Daif);
        State.IL = !legal || (spsr & PState.Il) != 0;
        if (legal) State.SelectLevel((int)(spsr >> 2) & 1, (int)spsr & 1);
        SelectRegime();
        Stop();
        return _find;
    }

    private void TakeInterrupt(uint vector) => EnterEl1(vector, State.PC);

    private A64Op* EnterEl1(uint vector, ulong returnAddress)
    {
        if (State.EL == 0) vector |= VectorOfLowerLevel;
        else if (State.SPSel == 1) vector |= VectorOfSpElx;
        State.SPSR_EL1 = State.PSTATE;
        State.ELR_EL1 = returnAddress;
        State.SelectLevel(1, 1);
        State.Daif = 15;
        State.IL = false;
        State.SS = false;
        State.UAO = false;
        if (Model.Has(CpuFeatures.Pan) && (State.SCTLR_EL1 & SctlrSpan) == 0) State.PAN = true;
        if (Model.Has(CpuFeatures.Ssbs)) State.SSBS = (State.SCTLR_EL1 & SctlrDssbs) != 0;
        State.PC = State.VBAR_EL1 + vector;
        SelectRegime();
        return _find;
    }

    private A64Op* FetchAbort(ulong va, in MemoryFault fault)
    {
        if (fault.Origin == FaultOrigin.Stage2)
        {
            var iss = fault.Code | (fault.OnStage1Walk ? Syndrome.OnStage1Walk : 0);
            return Exit(Stage2Abort(Syndrome.EcInstructionAbortLower, iss, va, fault.Ipa), va);
        }

        State.FAR_EL1 = va;
        return TakeException(Syndrome.Of(InstructionAbortClass, fault.Code), va);
    }

    /// <summary>Ends an instruction that could not access memory.</summary>
    /// <param name="op">The instruction.</param>
    /// <param name="va">First byte that could not be accessed.</param>
    /// <param name="fault">Why.</param>
    /// <param name="flags">WnR and CM of the syndrome.</param>
    private void DataAbort(A64Op* op, ulong va, in MemoryFault fault, uint flags)
    {
        if (fault.Origin == FaultOrigin.Stage2)
        {
            // A walk was no access by the instruction: nothing about its register or its direction is told.
            var iss = fault.OnStage1Walk
                ? Syndrome.OnStage1Walk | fault.Code
                : ((uint)op->Aux << 14) | flags | fault.Code;
            Exit(Stage2Abort(Syndrome.EcDataAbortLower, iss, va, fault.Ipa), AddressOf(op));
            return;
        }

        State.FAR_EL1 = va;
        TakeException(Syndrome.Of(DataAbortClass, flags | fault.Code), AddressOf(op));
    }

    private static CpuExit Stage2Abort(uint exceptionClass, uint iss, ulong va, ulong ipa) => new()
    {
        Reason = CpuExitReason.Stage2Abort,
        Syndrome = Syndrome.Of(exceptionClass, iss),
        FaultAddress = va,
        FaultIpa = ipa,
    };
}
