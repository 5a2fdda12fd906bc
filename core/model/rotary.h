// How a config says that positions turn the queries and keys, in both dialects: rope_parameters of
// newer files, rope_theta and rope_scaling of older ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graph/node.h"
#include "core/model/config.h"

namespace heed {

struct RotaryDefaults {
    double theta = 10000;
    double share = 1;  // of a head's columns that are turned
    // Where files have that share beside rope_parameters; empty: the class turns all columns,
    // whatever a file says.
    std::string_view share_key = "";
    // Older files' rope_scaling is of every kind of layer, not of "full_attention" alone.
    bool scales_all = false;
    int positions = 2048;
};

class RotaryConfig {
  public:
    RotaryConfig() = default;
    // `kind`: the set of rope_parameters to read where there is one for each kind of layer
    // ("full_attention"); else "". `theta_key`: where older files have the base of this kind.
    // Throws Error for a scaling that heed does not have (longrope and others, by name).
    RotaryConfig(const ModelConfig& config, const RotaryDefaults& defaults,
                 std::string_view kind = "", std::string_view theta_key = "rope_theta");

    // Error where heads of `d_head` columns do not have the pairs that are turned. An odd share of
    // the columns takes the next one along, unless `is_even` forbids it.
    void check_columns(const ModelConfig& config, int d_head, bool is_even = false) const;
    // The rule for heads of `d_head` columns and `length` positions.
    RotaryRule rule(int d_head, int length) const;

  private:
    enum class Scaling { kNone, kLinear, kDynamic, kLlama3, kYarn };

    void read(const JsonReader& reader);
    void read_yarn(const JsonReader& reader);
    void stretch_llama3(std::vector<double>& frequencies) const;
    void stretch_yarn(std::vector<double>& frequencies, int turned) const;

    Scaling scaling_ = Scaling::kNone;
    double theta_ = 10000;
    double share_ = 1;
    double factor_ = 1;
    double low_factor_ = 1;
    double high_factor_ = 4;
    double beta_fast_ = 32;
    double beta_slow_ = 1;
    double attention_factor_ = 1;
    bool has_whole_columns_ = true;  // YaRN's ramp begins and ends at one
    double original_positions_ = 0;
    double top_positions_ = 0;  // the same where it stands beside the scaling; 0: it does not
    double positions_ = 0;
};

// What each layer is by "layer_types"; `fallback(layer)` tells where the config does not say.
// "full_attention" and "sliding_attention" are known; true: sliding.
std::vector<bool> read_sliding_layers(const ModelConfig& config, int layers,
                                      bool (*fallback)(const ModelConfig& config, int layer));

}  // namespace heed
