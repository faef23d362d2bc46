"""An import that is closed is forgotten whole, in portions, and no other."""

from chassis.database.db import Pool
from chassis.http.closing import forget

ROWS = """INSERT INTO taken_row (import_name, address, name, request_hash, answer)
          SELECT i, a, p || n, '', '' FROM unnest($1::text[]) i, unnest($2::text[]) a, unnest($3::text[]) p,
                                           generate_series(1, 50) n"""


async def test_every_row_of_the_import_is_forgotten_in_whatever_order_its_names_stand(pool: Pool) -> None:
    await pool.execute(ROWS, ["closed", "open"], ["/seekers/bulk", "/sessions/bulk"], ["a", "B", "_", "#", "한", "é"])
    assert await forget(pool, "closed", 7) == {"/seekers/bulk": 300, "/sessions/bulk": 300}
    assert await forget(pool, "closed", 7) == {}
    assert [tuple(r) for r in await pool.fetch("SELECT import_name, count(*) FROM taken_row GROUP BY 1")] == [
        ("open", 600)
    ]
