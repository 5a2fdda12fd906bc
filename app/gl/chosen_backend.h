// Who computes: the CPU, the graphics card, or whichever was found to be faster for passes of this
// size.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/gl/compute_device.h"
#include "core/run/backend.h"

namespace heed::app {

enum class BackendChoice { kAuto, kCpu, kGl };
// "auto", "cpu", "gl"
const char* choice_name(BackendChoice choice);
std::optional<BackendChoice> find_choice(std::string_view name);
// $HEED_BACKEND; nothing where it is not set. Throws Error for an unknown name.
std::optional<BackendChoice> choice_from_environment();

// What one layer took on both, smaller ones first.
struct SpeedSample {
    double flops = 0;  // of its products
    double cpu_ms = 0;
    double gl_ms = 0;

    bool operator==(const SpeedSample&) const = default;
};
using SpeedTable = std::vector<SpeedSample>;

// Whether the graphics card was faster at the sample nearest in size, by the ratio of the flops.
bool card_wins(const SpeedTable& table, double flops);
bool card_ever_wins(const SpeedTable& table);
// A file of its own for each device (renderer and version) in the cache folder. Reading gives
// nothing where there is none of this device or the file is damaged; writing gives false where it
// is not possible.
std::optional<SpeedTable> read_speed_table(const std::filesystem::path& folder,
                                           std::string_view device);
bool write_speed_table(const std::filesystem::path& folder, std::string_view device,
                       const SpeedTable& table);

// With kAuto the CPU computes until it is known, from the cache or from measuring once in the
// background, what is faster.
class ChosenBackend : public Backend {
  public:
    ChosenBackend(BackendChoice choice, DeviceOptions options, int cpu_threads);
    ~ChosenBackend() override;

    std::string name() const override { return choice_name(choice()); }
    std::unique_ptr<Plan> prepare(std::shared_ptr<const Graph> graph,
                                  std::shared_ptr<const WeightStore> weights) override;

    // These are safe from any thread.
    BackendChoice choice() const;
    void choose(BackendChoice choice);
    // One line for people: what chooses, and why.
    std::string reason() const;
    // Waits for what is measured in the background (tests).
    void wait_until_measured() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace heed::app
