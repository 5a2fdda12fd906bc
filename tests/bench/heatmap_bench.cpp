// All heads of a large model in one picture, 144 matrices of 1024 x 1024 in the card's memory: what
// making the picture takes, once for each trace, and what drawing it takes in every frame, at
// 1920 x 1080. Not part of the tests.
//   ninja -C build heatmap_bench && build/tests/bench/heatmap_bench
#include <backends/imgui_impl_opengl3.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>
#include <memory>
#include <vector>

#include "app/gl/context.h"
#include "app/gl/heatmap_painter.h"
#include "app/gl/render_target.h"

namespace heed::app {
namespace {

constexpr int kLayers = 12;
constexpr int kHeads = 12;
constexpr int kTokens = 1024;
constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr int kSide = 80;  // of a thumbnail: twelve rows have room
constexpr int kSteps = 512;
constexpr std::int64_t kLayerWords = std::int64_t{kHeads} * kTokens * kTokens;

// One layer's weights: rows that sum to about 1. `buffers` of them are made.
std::vector<std::shared_ptr<const DeviceBuffer>> make_layers(int buffers) {
    std::vector<float> weights(static_cast<std::size_t>(kLayerWords));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] = static_cast<float>((i * 2654435761U >> 7U) % 2048) * 1e-6F;
    }
    std::vector<std::shared_ptr<const DeviceBuffer>> layers;
    for (int i = 0; i < buffers; ++i) {
        GLuint name = 0;
        glGenBuffers(1, &name);
        glBindBuffer(GL_COPY_WRITE_BUFFER, name);
        glBufferData(GL_COPY_WRITE_BUFFER, kLayerWords * 4, weights.data(), GL_STATIC_DRAW);
        layers.push_back(std::make_shared<const DeviceBuffer>(DeviceBuffer{name, kLayerWords}));
    }
    return layers;
}

// Everything that is measured, made once.
struct Scene {
    Scene() : context(make_offscreen_context(false)) {
        for (int i = 0; i <= kSteps; ++i) {
            colours.push_back(0xFF000000U | static_cast<std::uint32_t>(i / 2));
            if (i < kSteps) edges.push_back((static_cast<float>(i) + 0.5F) / kSteps);
        }
        layers = make_layers(kLayers);
        painter = std::make_unique<HeatmapPainter>();
        texture = std::make_unique<Texture>(kHeads * kSide, kLayers * kSide);
        texture->keep_one_level();
        target = std::make_unique<RenderTarget>(kWidth, kHeight);
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::GetIO().DisplaySize = {kWidth, kHeight};
        ImGui_ImplOpenGL3_Init("#version 330");
    }

    void paint(int shown) {
        std::vector<HeatmapPart> parts;
        for (int layer = 0; layer < kLayers; ++layer) {
            HeatmapPart part;
            part.buffer = layers[static_cast<std::size_t>(layer)];
            part.outers = kHeads;
            part.rows = part.cols = part.row_end = part.col_end = kTokens;
            part.is_causal = true;
            part.y = layer * kSide;
            part.step = kSide;
            part.width = part.height = shown;
            parts.push_back(part);
        }
        painter->paint(parts, HeatmapPooling::kLargest, {edges, colours, 0xFF202020U, 1, 1},
                       *texture);
        painter->end_frame();
    }

    // 144 pieces of the picture, side by side, and nothing else.
    void draw() {
        target->bind();
        clear_target(0, 0, 0);
        ImGui_ImplOpenGL3_NewFrame();
        ImGui::NewFrame();
        const auto name = static_cast<std::uintptr_t>(texture->name());
        ImDrawList* list = ImGui::GetBackgroundDrawList();
        for (int i = 0; i < kLayers * kHeads; ++i) {
            const auto column = static_cast<float>(i % kHeads);
            const auto row = static_cast<float>(i / kHeads);
            const ImVec2 corner{480 + column * (kSide + 4), 40 + row * (kSide + 4)};
            list->AddImage(reinterpret_cast<void*>(name), corner,
                           {corner.x + kSide, corner.y + kSide}, {column / kHeads, row / kLayers},
                           {(column + 1) / kHeads, (row + 1) / kLayers});
        }
        ImGui::Render();
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        glFinish();
    }

    std::unique_ptr<GlContext> context;
    std::vector<std::shared_ptr<const DeviceBuffer>> layers;
    std::vector<float> edges;
    std::vector<std::uint32_t> colours;
    std::unique_ptr<HeatmapPainter> painter;
    std::unique_ptr<Texture> texture;
    std::unique_ptr<RenderTarget> target;
};

}  // namespace
}  // namespace heed::app

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    try {
        heed::app::Scene scene;
        fmt::print(stderr, "{}\n", scene.context->renderer());
        scene.paint(heed::app::kSide);
        glFinish();
        benchmark::RegisterBenchmark("making the picture",
                                     [&scene](benchmark::State& state) {
                                         for (auto _ : state) {
                                             scene.paint(heed::app::kSide);
                                             glFinish();
                                         }
                                     })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
        benchmark::RegisterBenchmark("drawing a frame",
                                     [&scene](benchmark::State& state) {
                                         for (auto _ : state) scene.draw();
                                     })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
        benchmark::RunSpecifiedBenchmarks();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
