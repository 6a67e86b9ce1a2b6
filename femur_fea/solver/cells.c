/* Strain, nodal forces and stiffness of a mesh, cell by cell.
 *
 * Eight cells at a time lie side by side in the lanes of a vector, so that the compiler needs no
 * more than its vector extension to use all of the processor. Voigt order xx yy zz yz xz xy with
 * engineering shear. See kinematics.py for what calls this.
 */
#include <stdint.h>
#include <string.h>

#define LANES 8
#define MAX_FUNCTIONS 10

const int64_t max_functions = MAX_FUNCTIONS, lane_count = LANES;

typedef double lanes __attribute__((vector_size(8 * LANES)));

/* The last block is filled up with cells without weight. */
typedef struct {
  int64_t n_cells;
  int64_t n_functions;
  int64_t n_samples;
  const int32_t *nodes;      /* (n_blocks, n_functions, LANES) */
  const double *geometry;    /* (n_blocks, 10, LANES): gradients of the reference coordinates by
                                rows, then the volume that a sample stands for */
  const double *derivatives; /* (n_samples, 3, n_functions): of shape functions by the reference
                                coordinates */
} Mesh;

static const int VOIGT[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};

static inline lanes load(const double *from)
{
  lanes values;
  memcpy(&values, from, sizeof values);
  return values;
}

static inline lanes load_geometry(const Mesh *mesh, int64_t block, lanes gradients[3][3])
{
  const double *from = mesh->geometry + block * 10 * LANES;
  for (int k = 0; k < 3; k++)
    for (int j = 0; j < 3; j++)
      gradients[k][j] = load(from + (3 * k + j) * LANES);
  return load(from + 9 * LANES);
}

static inline void gather(const Mesh *mesh, int64_t block, const double *u, lanes u_cell[][3])
{
  const int32_t *nodes = mesh->nodes + block * mesh->n_functions * LANES;
  for (int a = 0; a < mesh->n_functions; a++)
    for (int lane = 0; lane < LANES; lane++)
      for (int i = 0; i < 3; i++)
        u_cell[a][i][lane] = u[3 * (int64_t)nodes[a * LANES + lane] + i];
}

static inline void scatter(const Mesh *mesh, int64_t block, lanes f_cell[][3], double *f)
{
  const int32_t *nodes = mesh->nodes + block * mesh->n_functions * LANES;
  for (int a = 0; a < mesh->n_functions; a++)
    for (int lane = 0; lane < LANES; lane++)
      for (int i = 0; i < 3; i++)
        f[3 * (int64_t)nodes[a * LANES + lane] + i] += f_cell[a][i][lane];
}

static inline void strain_of(lanes slope[3][3], lanes strain[6])
{
  for (int i = 0; i < 3; i++)
    strain[i] = slope[i][i];
  strain[3] = slope[1][2] + slope[2][1];
  strain[4] = slope[0][2] + slope[2][0];
  strain[5] = slope[0][1] + slope[1][0];
}

static inline void strain_at(const Mesh *mesh, int sample, lanes u_cell[][3],
                             lanes gradients[3][3], lanes strain[6])
{
  const double *derivatives = mesh->derivatives + 3 * sample * mesh->n_functions;
  lanes by_reference[3][3] = {0}, slope[3][3];
  for (int a = 0; a < mesh->n_functions; a++)
    for (int k = 0; k < 3; k++)
      for (int i = 0; i < 3; i++)
        by_reference[k][i] += derivatives[k * mesh->n_functions + a] * u_cell[a][i];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      slope[i][j] = by_reference[0][i] * gradients[0][j] + by_reference[1][i] * gradients[1][j] +
                    by_reference[2][i] * gradients[2][j];
  strain_of(slope, strain);
}

static inline void add_force(const Mesh *mesh, int sample, lanes stress[6], lanes gradients[3][3],
                             lanes f_cell[][3])
{
  const double *derivatives = mesh->derivatives + 3 * sample * mesh->n_functions;
  lanes flux[3][3];
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < 3; i++)
      flux[k][i] = stress[VOIGT[i][0]] * gradients[k][0] + stress[VOIGT[i][1]] * gradients[k][1] +
                   stress[VOIGT[i][2]] * gradients[k][2];
  for (int a = 0; a < mesh->n_functions; a++)
    for (int k = 0; k < 3; k++)
      for (int i = 0; i < 3; i++)
        f_cell[a][i] += derivatives[k * mesh->n_functions + a] * flux[k][i];
}

/* `moduli` is Lame's first and the shear modulus, or the 21 of a symmetric matrix by rows. */
static inline void stress_of(const double *moduli, int64_t n_moduli, lanes strain[6],
                             lanes stress[6])
{
  if (n_moduli == 2) {
    lanes pressure = load(moduli) * (strain[0] + strain[1] + strain[2]);
    lanes shear = load(moduli + LANES);
    for (int i = 0; i < 3; i++)
      stress[i] = pressure + 2.0 * shear * strain[i];
    for (int i = 3; i < 6; i++)
      stress[i] = shear * strain[i];
    return;
  }
  memset(stress, 0, 6 * sizeof(lanes));
  for (int i = 0; i < 6; i++)
    for (int j = i; j < 6; j++, moduli += LANES) {
      stress[i] += load(moduli) * strain[j];
      if (j > i)
        stress[j] += load(moduli) * strain[i];
    }
}

static inline int64_t count_blocks(const Mesh *mesh)
{
  return (mesh->n_cells + LANES - 1) / LANES;
}

static inline int lanes_used(const Mesh *mesh, int64_t block)
{
  const int64_t left = mesh->n_cells - block * LANES;
  return left < LANES ? (int)left : LANES;
}

/* Write the strain (6, n_samples, n_cells) of nodal displacements (n_nodes, 3). */
void strain(const Mesh *mesh, const double *u, double *values)
{
  const int64_t n_blocks = count_blocks(mesh), n_points = mesh->n_samples * mesh->n_cells;
  for (int64_t block = 0; block < n_blocks; block++) {
    lanes u_cell[MAX_FUNCTIONS][3], gradients[3][3], at[6];
    const int used = lanes_used(mesh, block);
    load_geometry(mesh, block, gradients);
    gather(mesh, block, u, u_cell);
    for (int q = 0; q < mesh->n_samples; q++) {
      double *to = values + q * mesh->n_cells + block * LANES;
      strain_at(mesh, q, u_cell, gradients, at);
      for (int i = 0; i < 6; i++)
        memcpy(to + i * n_points, &at[i], used * sizeof(double));
    }
  }
}

/* Add the nodal forces (n_nodes, 3) that balance a stress (6, n_samples, n_cells). */
void force(const Mesh *mesh, const double *values, double *f)
{
  const int64_t n_blocks = count_blocks(mesh), n_points = mesh->n_samples * mesh->n_cells;
  for (int64_t block = 0; block < n_blocks; block++) {
    lanes f_cell[MAX_FUNCTIONS][3] = {0}, gradients[3][3], at[6] = {0};
    const int used = lanes_used(mesh, block);
    const lanes weight = load_geometry(mesh, block, gradients);
    for (int q = 0; q < mesh->n_samples; q++) {
      const double *from = values + q * mesh->n_cells + block * LANES;
      for (int i = 0; i < 6; i++) {
        memcpy(&at[i], from + i * n_points, used * sizeof(double));
        at[i] *= weight;
      }
      add_force(mesh, q, at, gradients, f_cell);
    }
    scatter(mesh, block, f_cell, f);
  }
}

/* Add stiffness times displacement (n_nodes, 3); moduli (n_blocks, n_samples, n_moduli, LANES). */
void stiffness_product(const Mesh *mesh, const double *moduli, int64_t n_moduli, const double *u,
                       double *f)
{
  const int64_t n_blocks = count_blocks(mesh);
  for (int64_t block = 0; block < n_blocks; block++) {
    lanes u_cell[MAX_FUNCTIONS][3], f_cell[MAX_FUNCTIONS][3] = {0};
    lanes gradients[3][3], at[6], stress[6];
    const lanes weight = load_geometry(mesh, block, gradients);
    gather(mesh, block, u, u_cell);
    for (int q = 0; q < mesh->n_samples; q++, moduli += n_moduli * LANES) {
      strain_at(mesh, q, u_cell, gradients, at);
      stress_of(moduli, n_moduli, at, stress);
      for (int i = 0; i < 6; i++)
        stress[i] *= weight;
      add_force(mesh, q, stress, gradients, f_cell);
    }
    scatter(mesh, block, f_cell, f);
  }
}

/* Add the diagonal blocks (n_nodes, 3, 3) of the stiffness. */
void stiffness_diagonal(const Mesh *mesh, const double *moduli, int64_t n_moduli, double *blocks)
{
  const int64_t n_blocks = count_blocks(mesh);
  for (int64_t block = 0; block < n_blocks; block++) {
    lanes gradients[3][3], at[6], stress[6];
    const int32_t *nodes = mesh->nodes + block * mesh->n_functions * LANES;
    const lanes weight = load_geometry(mesh, block, gradients);
    for (int q = 0; q < mesh->n_samples; q++, moduli += n_moduli * LANES)
      for (int a = 0; a < mesh->n_functions; a++) {
        const double *derivatives = mesh->derivatives + 3 * q * mesh->n_functions + a;
        lanes gradient[3] = {0};
        for (int k = 0; k < 3; k++)
          for (int j = 0; j < 3; j++)
            gradient[j] += derivatives[k * mesh->n_functions] * gradients[k][j];
        for (int i = 0; i < 3; i++) {
          lanes slope[3][3] = {0};
          memcpy(slope[i], gradient, sizeof gradient);
          strain_of(slope, at);
          stress_of(moduli, n_moduli, at, stress);
          for (int j = 0; j < 3; j++) {
            const lanes entry = weight * (stress[VOIGT[j][0]] * gradient[0] +
                                          stress[VOIGT[j][1]] * gradient[1] +
                                          stress[VOIGT[j][2]] * gradient[2]);
            for (int lane = 0; lane < LANES; lane++)
              blocks[9 * (int64_t)nodes[a * LANES + lane] + 3 * i + j] += entry[lane];
          }
        }
      }
  }
}
