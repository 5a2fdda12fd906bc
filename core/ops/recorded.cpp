// Nodes of a trace file: numbers without a way to compute them.
#include "core/base/check.h"
#include "core/ops/kernels.h"

namespace heed {

void run_recorded(const KernelArgs& args, const Box& /*box*/) {
    report_bug(__FILE__, __LINE__, args.node.name + " was recorded and cannot be computed");
}

void explain_recorded(const ExplainArgs& /*args*/, Explanation& out) {
    out.how = How::kInput;
    out.numbers = format_value(static_cast<double>(out.cell.value)) + ", as recorded";
}

}  // namespace heed
