#include "tests/gl/gl_run.h"

namespace heed::test {

namespace {

std::vector<int> make_ids(const Graph& graph, const GraphInput& input) {
    std::vector<int> ids;
    if (input.takes_numbers()) return ids;
    const int length = graph.sequences().at(static_cast<std::size_t>(input.sequence)).length;
    for (int t = 0; t < length; ++t) ids.push_back((t * 29 + 47) % input.limit);
    return ids;
}

std::vector<float> make_numbers(const GraphInput& input) {
    std::vector<float> numbers;
    if (!input.takes_numbers()) return numbers;
    const auto count = static_cast<int>(input.numbers.count());
    for (int i = 0; i < count; ++i) {
        numbers.push_back(static_cast<float>((i * 37 + 11) % 101) / 50 - 1);
    }
    return numbers;
}

}  // namespace

std::shared_ptr<app::ComputeDevice> make_device() {
    return std::make_shared<app::ComputeDevice>(app::DeviceOptions{});
}

std::shared_ptr<app::ComputeDevice> make_tiny_device() {
    app::DeviceOptions options;
    options.faults.binding_words = 1024;
    options.faults.dispatch_work = 500;
    return std::make_shared<app::ComputeDevice>(std::move(options));
}

GlRun::GlRun(TestGraph& test) : graph(test.builder.build()), store(test.store) {
    for (const GraphInput& input : graph->inputs()) {
        inputs.ids.push_back(make_ids(*graph, input));
        inputs.numbers.push_back(make_numbers(input));
    }
}

std::unique_ptr<Plan> GlRun::plan_on_cpu() const {
    return make_cpu_backend(1)->prepare(graph, store);
}

std::unique_ptr<Plan> GlRun::plan_on(const std::shared_ptr<app::ComputeDevice>& device) const {
    return app::make_compute_plan(device, graph, store,
                                  std::make_shared<app::DeviceWeights>(*device, store));
}

std::shared_ptr<const Trace> GlRun::run_on_cpu(const RunOptions& options) const {
    return plan_on_cpu()->run(inputs, options);
}

std::shared_ptr<const Trace> GlRun::run_on(const std::shared_ptr<app::ComputeDevice>& device,
                                           const RunOptions& options) const {
    return plan_on(device)->run(inputs, options);
}

std::string find_trace_difference(const Trace& got, const Trace& want, const Tolerance& tolerance) {
    for (NodeId id = 0; id < want.graph().size(); ++id) {
        const Node& node = want.graph().node(id);
        if (node.shape.count() == 0) continue;
        const Tensor got_values = got.tensor(id);
        const Tensor want_values = want.tensor(id);
        const std::string difference = find_difference(got_values.values(), want_values.values(),
                                                       tolerance, node.shape.extents());
        if (!difference.empty()) return node.name + ": " + difference;
    }
    return "";
}

}  // namespace heed::test
