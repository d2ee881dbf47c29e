using RmStack.Hypervisor.Objects;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>
/// The standard services of the SMC calling convention that every VM gets, and the identity of the vendor service (Arm
/// DEN0028; hypervisor: smccc.c). What is not known is answered with all ones in X0 and nothing else.
/// </summary>
internal static class SmcccServices
{
    public const uint OwnerArch = 0;
    public const uint OwnerStandard = 4;
    public const uint OwnerStandardHyp = 5;
    public const uint OwnerVendorHyp = 6;
    public const uint ClassHypercall = 2;
    public const ulong Unhandled = ulong.MaxValue;
    public const uint NotSupported = 0xffff_ffff;

    private const uint SmcccVersion = 0x8000_0000;
    private const uint SmcccArchFeatures = 0x8000_0001;
    private const uint StandardHypUid = 0x8500_ff01;
    private const uint StandardHypRevision = 0x8500_ff03;
    private const uint VendorHypUid = 0x8600_ff01;
    private const uint VendorHypRevision = 0x8600_ff03;
    private const uint Version13 = 0x1_0003;
    private const uint Fast = 0x8000_0000;
    private const uint HintNoSve = 0x0001_0000;

    public static HypercallOutcome Invoke(VCpu caller, HypercallFrame frame, uint function)
    {
        function &= ~HintNoSve;
        switch (function)
        {
            case SmcccVersion:
                return Smc32(frame, Version13);
            case SmcccArchFeatures:
                return Smc32(frame, HasFeature((uint)frame.X[1]) ? 0 : NotSupported);
            case StandardHypUid:
                return Uid(frame);
            case StandardHypRevision:
                frame.X[1] = 0;
                return Smc32(frame, 1);
            default:
                if ((function & Fast) != 0 && ((function >> 24) & 0x3f) == OwnerStandard && Psci.IsPsci(function)) return Psci.Invoke(caller, frame, function);
                frame.X[0] = Unhandled;
                return HypercallOutcome.Completed;
        }
    }

    /// <summary>Service queries of the vendor-specific hypervisor owner; hypercalls do not come here.</summary>
    public static HypercallOutcome InvokeVendor(HypercallFrame frame, uint function)
    {
        switch (function & ~HintNoSve)
        {
            case VendorHypUid:
                return Uid(frame);
            case VendorHypRevision:
                frame.X[0] = ApiInfo.Word;
                return HypercallOutcome.Completed;
            default:
                frame.X[0] = Unhandled;
                return HypercallOutcome.Completed;
        }
    }

    /// <summary>Answers a 32-bit call: X0 to X3 lose their upper halves, whether or not the call defines them.</summary>
    public static HypercallOutcome Smc32(HypercallFrame frame, uint result)
    {
        frame.X[0] = result;
        for (var n = 1; n < 4; n++) frame.X[n] = (uint)frame.X[n];
        return HypercallOutcome.Completed;
    }

    private static bool HasFeature(uint function) =>
        function is SmcccVersion or SmcccArchFeatures or StandardHypUid or StandardHypRevision;

    private static HypercallOutcome Uid(HypercallFrame frame)
    {
        for (var n = 0; n < 4; n++) frame.X[n] = ApiInfo.Uid[n];
        return HypercallOutcome.Completed;
    }
}
